import { type KeyRef, SealBroken } from '../../application/ports/vault.js';
import { Sealed, type TenantId } from '../../domain/values.js';
import type { Keyring } from './keyring.js';
import { type ClearPlace, clearJson, marker, NotStorable, put, type SealedPlace } from './sealed-json.js';

export const refsOf = (tenant: TenantId, places: readonly (ClearPlace | SealedPlace)[]): KeyRef[] =>
  places.map((place) => ('value' in place ? refOf(tenant, place.value) : { tenant, scope: place.scope, id: place.id }));

export const refOf = (tenant: TenantId, { scope, key }: Sealed<unknown>): KeyRef => ({ tenant, scope, id: key });

/**
 * Fills the holes that `detach` left with sealed text, bound to `aad` and the place's path.
 * @throws NotStorable for a value that is gone, KeyMissing
 */
export function sealPlaces(places: readonly ClearPlace[], keyring: Keyring, tenant: TenantId, aad: string): void {
  for (const place of places) {
    const { value: sealed, path } = place;
    if (sealed.value === undefined) throw new NotStorable(path, 'is sealed and its value is gone');
    const clear = Buffer.from(clearJson(sealed.value, path));
    put(place, marker(sealed.scope, sealed.key, keyring.seal(refOf(tenant, sealed), clear, aad + path)));
  }
}

/**
 * Replaces sealed text that `locate` found by instances of Sealed, without a value where the key was destroyed. @throws
 * SealBroken, KeyMissing
 */
export function openPlaces(places: readonly SealedPlace[], keyring: Keyring, tenant: TenantId, aad: string): void {
  for (const place of places) {
    const { scope, id, text, path } = place;
    const clear = keyring.open({ tenant, scope, id }, text, aad + path);
    put(place, new Sealed(scope, id, clear === undefined ? undefined : parse(clear)));
  }
}

function parse(clear: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(clear.buffer, clear.byteOffset, clear.length).toString('utf8'));
  } catch {
    // The parser's own message would quote the clear text.
    throw new SealBroken('a sealed value is not JSON');
  }
}
