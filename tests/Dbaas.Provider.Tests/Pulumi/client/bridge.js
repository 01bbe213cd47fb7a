// Starts a provider as Pulumi's engine does and drives it through the stubs of Pulumi's own npm package.
//
//   node bridge.js PROGRAM [ARGUMENT...]      ENGINE in an argument becomes the address of the engine this process plays
//
// One JSON object a line on stdin, {id, do, ...}; one JSON object a line on stdout with the same id. Values of Struct fields are plain
// JSON, with Pulumi's own signatures for secrets and the like.
"use strict";
const { spawn } = require("node:child_process");
const readline = require("node:readline");
const grpc = require("@grpc/grpc-js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb.js");
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb.js");
const provider = require("@pulumi/pulumi/proto/provider_pb.js");
const plugin = require("@pulumi/pulumi/proto/plugin_pb.js");
const { EngineService } = require("@pulumi/pulumi/proto/engine_grpc_pb.js");
const { Status } = require("@pulumi/pulumi/proto/status_pb.js");

const requests = {
  handshake: provider.ProviderHandshakeRequest,
  parameterize: provider.ParameterizeRequest,
  getSchema: provider.GetSchemaRequest,
  checkConfig: provider.CheckRequest,
  diffConfig: provider.DiffRequest,
  configure: provider.ConfigureRequest,
  invoke: provider.InvokeRequest,
  call: provider.CallRequest,
  check: provider.CheckRequest,
  diff: provider.DiffRequest,
  create: provider.CreateRequest,
  read: provider.ReadRequest,
  list: provider.ListRequest,
  update: provider.UpdateRequest,
  delete: provider.DeleteRequest,
  construct: provider.ConstructRequest,
  attach: plugin.PluginAttach,
  getMapping: provider.GetMappingRequest,
  getMappings: provider.GetMappingsRequest,
  cancel: Empty,
  getPluginInfo: Empty,
};
const structs = new Set(["olds", "news", "oldInputs", "args", "properties", "inputs", "query"]);
const details = {
  "pulumirpc.ErrorResourceInitFailed": provider.ErrorResourceInitFailed,
  "pulumirpc.ConfigureErrorMissingKeys": provider.ConfigureErrorMissingKeys,
};

const capital = (name) => name[0].toUpperCase() + name.slice(1);

function toMessage(method, fields) {
  const message = new requests[method]();
  for (const [name, value] of Object.entries(fields ?? {})) {
    if (structs.has(name)) {
      message["set" + capital(name)](Struct.fromJavaScript(value));
    } else if (name === "autonaming") {
      const options = new provider.CheckRequest.AutonamingOptions();
      options.setProposedName(value.proposedName ?? "");
      options.setMode(provider.CheckRequest.AutonamingOptions.Mode[value.mode]);
      message.setAutonaming(options);
    } else if (name === "variables") {
      for (const [key, text] of Object.entries(value)) message.getVariablesMap().set(key, text);
    } else if (Array.isArray(value)) {
      message["set" + capital(name) + "List"](value);
    } else {
      message["set" + capital(name)](value);
    }
  }
  return message;
}

function toJson(value) {
  if (value === undefined || value === null) return null;
  if (value instanceof Struct) return value.toJavaScript();
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (typeof value !== "object") return value;
  if (typeof value.getLength === "function") {
    const map = {};
    value.forEach((member, key) => (map[key] = toJson(member)));
    return map;
  }
  const fields = {};
  for (const key of Object.keys(value.toObject())) {
    // Names that are words of JavaScript carry a prefix there and none in their accessor.
    const name = key.replace(/^pb_/, "");
    fields[name] = toJson(value["get" + capital(name)]());
  }
  return fields;
}

function toError(error) {
  const result = { code: error.code, message: error.details };
  const bytes = error.metadata?.get("grpc-status-details-bin")[0];
  if (bytes) {
    const any = Status.deserializeBinary(bytes).getDetailsList()[0];
    result.type = any.getTypeName();
    result.detail = toJson(details[result.type].deserializeBinary(any.getValue_asU8()));
  }
  return result;
}

const logs = [];
function startEngine() {
  const server = new grpc.Server();
  const log = (call, answer) => {
    logs.push({
      severity: call.request.getSeverity(),
      message: call.request.getMessage(),
      urn: call.request.getUrn(),
      ephemeral: call.request.getEphemeral(),
    });
    answer(null, new Empty());
  };
  server.addService(EngineService, { log });
  return new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port)
    )
  );
}

async function main() {
  const started = process.hrtime.bigint();
  const enginePort = await startEngine();
  const [program, ...options] = process.argv.slice(2);
  const spawned = process.hrtime.bigint();
  const child = spawn(
    program,
    options.map((option) => option.replace("ENGINE", `127.0.0.1:${enginePort}`)),
    { stdio: ["pipe", "pipe", "pipe"] }
  );
  let output = "";
  let errors = "";
  const exited = new Promise((resolve) =>
    child.on("exit", (code, signal) => resolve({ code, signal }))
  );
  child.stderr.on("data", (data) => (errors += data));
  const port = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the provider ended with ${code}: ${output}${errors}`)));
    child.stdout.on("data", (data) => {
      output += data;
      if (output.includes("\n")) resolve(output.slice(0, output.indexOf("\n")));
    });
  });
  const announced = process.hrtime.bigint();
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  const milliseconds = (from, to) => Number(to - from) / 1e6;

  const call = (method, fields) =>
    new Promise((resolve) => {
      const message = toMessage(method, fields);
      if (method === "list") {
        const items = [];
        const stream = client.list(message);
        stream.on("data", (item) => items.push(toJson(item)));
        stream.on("error", (error) => resolve({ error: toError(error) }));
        stream.on("end", () => resolve({ response: items }));
        return;
      }
      client[method](message, (error, response) =>
        resolve(error ? { error: toError(error) } : { response: toJson(response) })
      );
    });

  const acts = {
    call: ({ method, request }) => call(method, request),
    many: async ({ method, request, count }) => {
      const text = JSON.stringify(request);
      const all = await Promise.all(
        Array.from({ length: count }, (_, index) =>
          call(method, JSON.parse(text.replaceAll("{i}", String(index))))
        )
      );
      return { response: all };
    },
    logs: async () => ({ response: logs }),
    signal: async ({ signal }) => {
      const began = process.hrtime.bigint();
      if (signal) child.kill(signal);
      const end = await exited;
      return { response: { ...end, output, errors, milliseconds: milliseconds(began, process.hrtime.bigint()) } };
    },
    facts: async () => ({
      response: {
        pid: child.pid,
        output,
        errors,
        port,
        startMilliseconds: milliseconds(spawned, announced),
      },
    }),
  };
  process.stdout.write(JSON.stringify({ id: 0, response: { port } }) + "\n");
  readline.createInterface({ input: process.stdin }).on("line", async (line) => {
    const request = JSON.parse(line);
    let answer;
    try {
      answer = await acts[request.do](request);
    } catch (error) {
      answer = { broken: String(error.stack ?? error) };
    }
    process.stdout.write(JSON.stringify({ id: request.id, ...answer }) + "\n");
  }).on("close", () => {
    child.kill("SIGKILL");
    process.exit(0);
  });
}

main().catch((error) => {
  process.stdout.write(JSON.stringify({ id: 0, broken: String(error.stack ?? error) }) + "\n");
  process.exit(1);
});
