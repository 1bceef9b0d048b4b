import { NotFetched, OutboundHttp } from '../../src/application/ports/outbound-http.js';

/** The Internet of a spec: documents by their address, and how often each was read. */
export class KnownDocuments extends OutboundHttp {
  readonly documents = new Map<string, unknown>();
  readonly read: string[] = [];

  async json(url: string): Promise<unknown> {
    this.read.push(url);
    const document = this.documents.get(url);
    if (document === undefined) throw new NotFetched('not-found');
    return document;
  }
}
