import type { CommandContext } from './ports/event-log.js';
import type { Entropy } from './ports/entropy.js';

/** A part of a command that records on its own: it has its own id, derived so that a retry of the whole finds it again. */
export class Steps {
  constructor(private readonly entropy: Entropy) {}

  of(context: CommandContext, step: string): CommandContext {
    return {
      ...context,
      commandId: this.entropy.derived(context.commandId, step),
      causationId: context.causationId ?? context.commandId,
    };
  }

  /** The id of something that the command makes. */
  id<Id extends string>(context: CommandContext, what: string): Id {
    return this.entropy.derived(context.commandId, `id:${what}`) as Id;
  }
}
