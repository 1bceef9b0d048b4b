import type { IncomingMessage } from 'node:http';
import type { Mount } from '../server/mounting.js';

/** A request as it arrived, with the route it asks for. */
export type Arrival<Services> = Readonly<{
  id: string;
  mount: Mount<Services>;
  params: Readonly<Record<string, string>>;
  /** Path as sent, without query. */
  path: string;
  /** What follows `?`, or ''. */
  search: string;
  message: IncomingMessage;
  address: string;
  setHeader: (name: string, value: string) => void;
}>;
