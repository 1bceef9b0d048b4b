import { VaultUnavailable } from '../../application/ports/vault.js';

/** The version of the root key that wrapped something is not there. */
export class RootKeyMissing extends VaultUnavailable {
  constructor(readonly version: string) {
    super(
      `the root key version ${version} is missing here, and something in the database is wrapped under it: ` +
        'copy the file root-key of the machine that has it into the data folder of this one (or give this one its ANNAL_ROOT_KEY), then start again',
    );
    this.name = 'RootKeyMissing';
  }
}

/** The top of the key hierarchy. Root keys are never stored in the database and never part of its backup. */
export abstract class RootKeys {
  /** Version that `wrap` uses. */
  abstract current(): Promise<string>;
  /** Every version that `unwrap` knows. */
  abstract versions(): Promise<readonly string[]>;
  /** Text that begins with the version and a dot. */
  abstract wrap(key: Uint8Array, aad: string): Promise<string>;
  /** @throws RootKeyMissing, SealBroken */
  abstract unwrap(wrapped: string, aad: string): Promise<Uint8Array>;
}

export const versionOf = (wrapped: string): string => wrapped.slice(0, wrapped.indexOf('.'));
