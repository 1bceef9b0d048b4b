import { LocalRootKeys, parseRootKey } from './local-root-keys.js';

/**
 * Root keys given from outside: `ANNAL_ROOT_KEY` is current, `ANNAL_ROOT_KEY_PREVIOUS` still unwraps during a rotation.
 * Each is the base64 text of 32 random bytes (`openssl rand -base64 32`).
 */
export class EnvironmentRootKeys extends LocalRootKeys {
  constructor(environment: Readonly<{ ANNAL_ROOT_KEY: string; ANNAL_ROOT_KEY_PREVIOUS?: string }>) {
    super();
    const previous = environment.ANNAL_ROOT_KEY_PREVIOUS;
    const older = previous === undefined ? [] : [parseRootKey(previous, 'ANNAL_ROOT_KEY_PREVIOUS')];
    this.hold([...older, parseRootKey(environment.ANNAL_ROOT_KEY, 'ANNAL_ROOT_KEY')]);
  }
}
