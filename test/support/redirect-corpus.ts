import { readFileSync } from 'node:fs';

type Entry = readonly [client: string, uri: string, why: string];

export type RedirectCorpus = Readonly<{
  clients: Readonly<Record<string, Readonly<{ type: 'web' | 'native'; redirect_uris: readonly string[] }>>>;
  accept: readonly Entry[];
  reject: readonly Entry[];
}>;

/** Redirect URIs against registered clients, each entry to be decided alike on every surface that redirects. */
export const redirectCorpus = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/redirect-uris/corpus.json', import.meta.url), 'utf8'),
) as RedirectCorpus;
