import type { StreamingRead } from '@eventstore/db-client';
import { Watchdog } from './patience.js';

/**
 * Everything that a read delivers. It is read to its end or cancelled, always: a read that is left lying keeps its call
 * open and later makes `dispose` hang.
 * @throws the client's error, or Error when nothing comes for `limit` milliseconds
 */
export async function drain<E>(read: StreamingRead<E>, limit: number): Promise<readonly E[]> {
  const events: E[] = [];
  const watchdog = new Watchdog(limit);
  const drained = new Promise<void>((resolve, reject) => {
    read.on('data', (event: E) => {
      watchdog.touch();
      events.push(event);
    });
    // It stays for good: an error after the end would be nobody's and end the process.
    read.on('error', reject);
    read.on('end', resolve);
  });
  try {
    await Promise.race([drained, watchdog.late]);
    return events;
  } catch (error) {
    drained.catch(() => undefined);
    read.cancel().catch(() => undefined);
    throw error;
  } finally {
    watchdog.stop();
  }
}
