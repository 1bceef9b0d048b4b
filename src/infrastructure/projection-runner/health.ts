import type { Duty } from '../../application/ports/read-models.js';

/** What a process does about a model. */
export type Health = Readonly<{ duty: Duty; failure?: string; failures: number }>;

/** What the runner tells the operator, as it happens. */
export type Notice =
  | Readonly<{ kind: 'duty'; model: string; duty: Duty; failure?: string }>
  | Readonly<{ kind: 'parked'; model: string; stream: string; revision: number; type: string; error: string }>;
