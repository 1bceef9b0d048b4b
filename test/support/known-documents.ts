import { NotFetched, OutboundHttp } from '../../src/application/ports/outbound-http.js';

/** The Internet of a spec: documents by their address, and how often each was read. */
export class KnownDocuments extends OutboundHttp {
  readonly documents = new Map<string, unknown>();
  readonly read: string[] = [];

  /** What was posted, by whom it was posted to; an address that is not in `listening` does not answer. */
  readonly posted: (readonly [url: string, fields: Readonly<Record<string, string>>])[] = [];
  readonly listening = new Set<string>();

  async form(url: string, fields: Readonly<Record<string, string>>): Promise<void> {
    if (!this.listening.has(url)) throw new NotFetched('not-found');
    this.posted.push([url, fields]);
  }

  async json(url: string): Promise<unknown> {
    this.read.push(url);
    const document = this.documents.get(url);
    if (document === undefined) throw new NotFetched('not-found');
    return document;
  }
}
