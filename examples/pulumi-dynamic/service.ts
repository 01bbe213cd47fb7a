import * as crypto from "crypto";
import * as fs from "fs";
import * as https from "https";

/** What can be declared; the names are those of schema.json. */
export interface Inputs {
    name: string;
    engine: string;
    engineVersion: string;
    region: string;
    cpu: number;
    memoryGib: number;
    storageGib: number;
    allowedCidrs: string[];
    databases: string[];
    deletionProtection: boolean;
}

/** What the service adds. */
export interface Instance {
    id: string;
    endpoint: { host: string; port: number };
    status: string;
}

interface Answer {
    status: number;
    body: any;
    retryAfterSeconds: number;
}

const inputNames: (keyof Inputs)[] = [
    "name", "engine", "engineVersion", "region", "cpu", "memoryGib", "storageGib", "allowedCidrs", "databases", "deletionProtection",
];

// A restart of the service, or a lease that a killed run still holds, ends within this time.
const patienceSeconds = 120;

/** Names of the inputs whose values differ. */
export function inputsThatDiffer(olds: Inputs, news: Inputs): string[] {
    return inputNames.filter((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]));
}

/** The control service's REST interface, as far as one resource needs it. */
export class Service {
    private constructor(
        private readonly endpoint: URL,
        private readonly apiKey: string,
        private readonly authority: string | undefined,
        private readonly tenant: string | undefined,
        // One a resource and change, drawn when it runs: what stands at the top of a module is frozen into the state with the code.
        private readonly runId: string,
    ) {}

    /** Reads what `bin/dbaas env` exports. */
    static fromEnvironment(): Service {
        const { DBAAS_ENDPOINT, DBAAS_API_KEY, DBAAS_CA_FILE, DBAAS_TENANT } = process.env;
        if (!DBAAS_ENDPOINT || !DBAAS_API_KEY) {
            throw new Error("DBAAS_ENDPOINT and DBAAS_API_KEY are not set; run: eval \"$(bin/dbaas env)\"");
        }
        return new Service(
            new URL(DBAAS_ENDPOINT),
            DBAAS_API_KEY,
            DBAAS_CA_FILE ? fs.readFileSync(DBAAS_CA_FILE, "utf8") : undefined,
            DBAAS_TENANT,
            `run_${crypto.randomUUID().replaceAll("-", "")}`,
        );
    }

    /** What the service would refuse of a create, by property. */
    async refusals(inputs: Inputs): Promise<{ property: string; reason: string }[]> {
        const answer = await this.call("POST", "/v1/plan", { resource: "DatabaseInstance", action: "create", inputs: pick(inputs) });
        return (answer.body.errors ?? []).map((error: any) => ({
            property: String(error.pointer).split("/")[1] ?? "",
            reason: `${error.message} ${error.allowed ?? ""}`.trim(),
        }));
    }

    async create(inputs: Inputs): Promise<Instance> {
        // The name is the anchor, with the run's id and the kind of client: a create that is run again after a kill takes up what the killed
        // one began. No Idempotency-Key: it would replay the answer of 24 hours ago when an instance of this name is created once more.
        const answer = await this.call("POST", "/v1/instances", pick(inputs));
        const operation = answer.status === 202 ? await this.finished(answer.body.id) : undefined;
        const id: string = operation?.resourceId ?? answer.body.id;
        if (operation?.adopted ?? answer.status === 200) {
            // What was begun may have been declared differently.
            await this.change(id, inputs);
        }
        const instance = await this.existing(id);
        // Says that the create reached its caller. From now on the name is taken.
        await this.call("POST", `/v1/instances/${id}/acknowledge`, {});
        return instance;
    }

    async update(id: string, inputs: Inputs): Promise<Instance> {
        await this.change(id, inputs);
        return this.existing(id);
    }

    /** The instance, or undefined when the service says for certain that there is none. */
    async find(idOrName: string): Promise<Instance | undefined> {
        const answer = await this.call("GET", `/v1/instances/${encodeURIComponent(idOrName)}`);
        return answer.status === 404 ? undefined : instanceOf(answer.body);
    }

    async delete(id: string): Promise<void> {
        const answer = await this.call("DELETE", `/v1/instances/${id}`);
        if (answer.status === 202) {
            await this.finished(answer.body.id);
        }
    }

    private async change(id: string, inputs: Inputs): Promise<void> {
        const answer = await this.call("PUT", `/v1/instances/${id}`, pick(inputs));
        if (answer.status === 202) {
            await this.finished(answer.body.id);
        }
    }

    private async existing(id: string): Promise<Instance> {
        const instance = await this.find(id);
        if (!instance) {
            throw new Error(`${id} is not there although the service said it was done`);
        }
        return instance;
    }

    /** Waits for an operation; the service bounds how long it takes and undoes what fails. */
    private async finished(operation: string): Promise<any> {
        for (;;) {
            const { body } = await this.call("GET", `/v1/operations/${operation}`);
            switch (body.state) {
                case "succeeded":
                    return body;
                case "failed":
                case "undone":
                case "cancelled":
                    throw new Error(`${body.kind} ${body.state}: ${body.error?.detail ?? body.error?.title ?? "no reason given"}`);
            }
            await pause(1);
        }
    }

    private async call(method: string, path: string, body?: object): Promise<Answer> {
        const patienceUntil = Date.now() + patienceSeconds * 1000;
        for (;;) {
            let answer: Answer;
            try {
                answer = await this.send(method, path, body);
            } catch (error) {
                // The service restarts; the work goes on. A change is not sent twice by this example: the next `up` takes it up.
                if (method !== "GET" || Date.now() > patienceUntil) {
                    throw error;
                }
                await pause(1);
                continue;
            }
            if (isLater(answer) && Date.now() < patienceUntil) {
                await pause(answer.retryAfterSeconds);
                continue;
            }
            if (answer.status >= 400 && !(answer.body.code === "instance.not_found" && (method === "GET" || method === "DELETE"))) {
                const fields = (answer.body.errors ?? []).map((error: any) => ` ${error.pointer}: ${error.message}`).join(";");
                throw new Error(`${answer.body.code ?? answer.status}: ${answer.body.detail ?? answer.body.title ?? ""}${fields}`);
            }
            return answer;
        }
    }

    private send(method: string, path: string, body: object | undefined): Promise<Answer> {
        return new Promise((resolve, reject) => {
            const request = https.request(
                new URL(path, this.endpoint),
                {
                    method,
                    ca: this.authority,
                    minVersion: "TLSv1.3",
                    headers: {
                        authorization: `Bearer ${this.apiKey}`,
                        "content-type": "application/json",
                        prefer: "respond-async",
                        "dbaas-client": "pulumi-dynamic",
                        "dbaas-run-id": this.runId,
                        ...(this.tenant ? { "dbaas-tenant": this.tenant } : {}),
                    },
                },
                (response) => {
                    const parts: Buffer[] = [];
                    response.on("data", (part: Buffer) => parts.push(part));
                    response.on("error", reject);
                    response.on("end", () => {
                        const text = Buffer.concat(parts).toString("utf8");
                        resolve({
                            status: response.statusCode ?? 0,
                            body: String(response.headers["content-type"]).includes("json") ? JSON.parse(text) : {},
                            retryAfterSeconds: Number(response.headers["retry-after"] ?? 2),
                        });
                    });
                },
            );
            request.on("error", reject);
            request.end(body && JSON.stringify(body));
        });
    }
}

function pick(inputs: Inputs): object {
    return Object.fromEntries(inputNames.map((name) => [name, inputs[name]]));
}

function instanceOf(body: any): Instance {
    return { id: body.id, endpoint: body.endpoint, status: body.status };
}

/** Asked too often, not there for a moment, or a killed run still holds the create. */
function isLater(answer: Answer): boolean {
    return answer.status === 429 || answer.status === 503 || String(answer.body.code).endsWith(".create_held");
}

function pause(seconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
