/** Why something of another host was not read. Says nothing of what answered, or whether anything did. */
export type OutboundRefusal =
  | 'not-https'
  | 'forbidden-address'
  | 'not-found'
  | 'redirected'
  | 'not-ok'
  | 'too-large'
  | 'too-slow'
  | 'not-json'
  | 'busy';

export class NotFetched extends Error {
  constructor(readonly refusal: OutboundRefusal) {
    super(`the document could not be read: ${refusal}`);
    this.name = 'NotFetched';
  }
}

/**
 * The one way in which the service reads what somebody else's address points to (VC-23). Whoever names an address must learn nothing of
 * the network that the service stands in, and reach nothing in it.
 */
export abstract class OutboundHttp {
  /** @throws NotFetched */
  abstract json(url: string): Promise<unknown>;
  /** Posts a form; what is answered is not looked at but for its status. @throws NotFetched */
  abstract form(url: string, fields: Readonly<Record<string, string>>): Promise<void>;
}
