import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

/** Paths of PEM files: the certificate with its chain, and its private key. */
export type TlsFiles = Readonly<{ certificate: string; key: string }>;

/** Milliseconds between looks at the files; secrets that are swapped by a link send no reliable event. */
const interval = 5_000;

/** @throws where a file cannot be read, or certificate and key do not belong together */
export function readTlsFiles(files: TlsFiles): SecureContextOptions {
  const context = {
    cert: readFileSync(files.certificate),
    key: readFileSync(files.key),
    minVersion: 'TLSv1.2',
  } as const satisfies SecureContextOptions;
  createSecureContext(context);
  return context;
}

/** Calls `changed` after either file has changed; returns how to stop. */
export function watchTlsFiles(files: TlsFiles, changed: () => void, every = interval): () => void {
  const paths = [files.certificate, files.key];
  for (const path of paths) watchFile(path, { interval: every, persistent: false }, changed);

  return () => {
    for (const path of paths) unwatchFile(path, changed);
  };
}
