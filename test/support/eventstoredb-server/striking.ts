import type { Metadata } from '@grpc/grpc-js';
import type { Connections } from './connections.js';
import type { Fault, Faults, Method } from './faults.js';
import { notLeader, Refused } from './messages.js';

export type Node = Readonly<{ host: string; port: number }>;
/** What every kind of gRPC call has. */
export type AnyCall = Readonly<{ getPeer(): string; metadata: Metadata }>;
export type Answer<Response> = Readonly<{ succeed: (response: Response) => void; fail: (error: Refused) => void }>;

/** Does the work of calls together with the faults that wait for them. */
export class Striking {
  /** The node that leads instead of this one. */
  leader: Node | undefined;

  constructor(
    private readonly faults: Faults,
    private readonly connections: Connections,
  ) {}

  async handle<Response>(method: Method, call: AnyCall, answer: Answer<Response>, work: () => Response): Promise<void> {
    const fault = this.faults.take(method);
    if (!(await this.admit(fault, call, answer.fail))) return;

    try {
      const response = work();
      if (fault?.kind === 'answer-lost') this.connections.break(call.getPeer());
      else if (fault?.kind !== 'silence') answer.succeed(response);
    } catch (error) {
      answer.fail(error as Refused);
    }
  }

  /** Applies what strikes before the work; false where the call is over with that. */
  async admit(fault: Fault | undefined, call: AnyCall, fail: (error: Refused) => void): Promise<boolean> {
    if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
    if (fault?.kind === 'drop') this.connections.break(call.getPeer());

    const refusal = this.refusalOf(fault, call);
    if (refusal !== undefined) fail(refusal);
    return refusal === undefined && fault?.kind !== 'drop';
  }

  private refusalOf(fault: Fault | undefined, call: AnyCall): Refused | undefined {
    if (fault?.kind === 'not-leader') return notLeader(fault.host, fault.port);
    if (fault?.kind === 'status') return new Refused(fault.code, fault.details);
    if (this.leader === undefined || call.metadata.get('requires-leader')[0] !== 'true') return undefined;

    return notLeader(this.leader.host, this.leader.port);
  }
}
