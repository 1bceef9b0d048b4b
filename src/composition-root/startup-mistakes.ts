import { OutdatedInstance } from '../infrastructure/event-log/outdated-instance.js';
import { DataDirectoryInUse } from '../infrastructure/postgres-supervisor/ownership.js';
import { RootKeyMissing } from '../infrastructure/vault/root-keys.js';

const sayWhatToDo = [DataDirectoryInUse, OutdatedInstance, RootKeyMissing] as const;

type Listening = Readonly<{ host: string; port: number }>;

/**
 * What keeps a service from starting that whoever starts it can mend, in a sentence: where in the program it was noticed helps nobody.
 * Undefined for everything else.
 */
export function mistakeOf(error: unknown, { host, port }: Listening): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (sayWhatToDo.some((type) => error instanceof type)) return error.message;
  const code = 'syscall' in error && error.syscall === 'listen' && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Something listens on ${host}:${port} already. Stop it, or give this service another ANNAL_PORT.`;
  }
  if (code === 'EACCES') return `This account may not listen on ${host}:${port}. Choose an ANNAL_PORT above 1023.`;

  return undefined;
}
