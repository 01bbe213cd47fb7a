// Stand-in for dbaas-agent, so that machines can be tested without publishing the native binary: the same two verbs, the same
// socket, no engine. `reaper` keeps one `serve` alive; `serve` answers every request with its path.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void leave(int signal) { (void)signal; _exit(0); }

static int reaper(void) {
  signal(SIGTERM, leave);
  for (;;) {
    pid_t child = fork();
    if (child == 0) {
      execl("/opt/dbaas/agent/dbaas-agent", "dbaas-agent", "serve", NULL);
      _exit(127);
    }
    while (waitpid(-1, NULL, 0) != child) { }
    usleep(10000);
  }
}

static int serve(void) {
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/run/dbaas/agent.sock" };
  unlink(address.sun_path);
  FILE *mark = fopen("/data/mark", "a");
  if (mark) { fputs("PLAINTEXT-MARKER-7f3a\n", mark); fclose(mark); }
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 8)) return 1;
  for (;;) {
    int client = accept(listener, NULL, NULL);
    char request[4096] = "", verb[16] = "", path[256] = "", answer[1024], body[512];
    if (read(client, request, sizeof request - 1) > 0) {
      sscanf(request, "%15s %255s", verb, path);
      snprintf(body, sizeof body, "{\"verb\":\"%s\",\"path\":\"%s\",\"pid\":%d}", verb, path, getpid());
      snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", strlen(body), body);
      if (write(client, answer, strlen(answer)) < 0) perror("write");
    }
    close(client);
  }
}

int main(int count, char **arguments) {
  if (count > 1 && strcmp(arguments[1], "reaper") == 0) return reaper();
  return serve();
}
