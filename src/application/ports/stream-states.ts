import type { StreamName } from './event-log.js';

/** A stream's state folded from its events; `revision` is -1 where there is no stream. */
export type StreamState = Readonly<{ state: unknown; revision: number }>;

/** Folds any stream, for those who know only its name. */
export abstract class StreamStates {
  /** @throws UnreadableEvent, LogUnavailable, Error for a category that no aggregate has */
  abstract load(category: string, stream: StreamName): Promise<StreamState>;
}
