import * as pulumi from "@pulumi/pulumi";
import { inputsThatDiffer, Inputs, Instance, Service } from "./service";

/** What a program declares, with values that may not be known before the apply. */
export type RestInstanceArgs = { [Name in keyof Inputs]: pulumi.Input<Inputs[Name]> };

/**
 * A dynamic provider: Pulumi stores this code with the resource and runs it in a process of its own. It therefore reads endpoint and key from
 * the environment of whoever runs Pulumi, never from the resource, whose properties are kept in the state.
 */
export const provider: pulumi.dynamic.ResourceProvider<Inputs, Inputs & Instance> = {
    async check(olds, news) {
        // Only a create is judged here, and only when all is known; what an update may do, the service says when it is asked for it.
        const judged = !olds?.name && !pulumi.containsUnknowns(news);
        return { inputs: news, failures: judged ? await Service.fromEnvironment().refusals(news) : [] };
    },

    async diff(_id, olds, news) {
        // Nothing is ever replaced: a change that cannot be made in place is refused by the service.
        return { changes: inputsThatDiffer(olds, news).length > 0 };
    },

    async create(inputs) {
        const instance = await Service.fromEnvironment().create(inputs);
        return { id: instance.id, outs: { ...inputs, ...instance } };
    },

    async read(id, props) {
        const instance = await Service.fromEnvironment().find(id);
        // An empty id is how a dynamic provider says that the resource is gone.
        return instance ? { id, props: { ...props!, ...instance } } : { id: "", props: props };
    },

    async update(id, _olds, news) {
        return { outs: { ...news, ...(await Service.fromEnvironment().update(id, news)) } };
    },

    async delete(id) {
        await Service.fromEnvironment().delete(id);
    },
};

/** An instance through REST alone. */
export class RestInstance extends pulumi.dynamic.Resource {
    public readonly endpoint!: pulumi.Output<Instance["endpoint"]>;
    public readonly status!: pulumi.Output<string>;

    constructor(name: string, args: RestInstanceArgs, options?: pulumi.CustomResourceOptions) {
        super(provider, name, { endpoint: undefined, status: undefined, ...args }, options);
    }
}
