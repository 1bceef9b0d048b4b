import { calculateJwkThumbprint, decodeProtectedHeader, EmbeddedJWK, jwtVerify } from 'jose';
import { proofAlgorithms } from '../domain/authorization/dpop.js';
import { ProofSignatures, type ProvedPossession } from '../application/ports/proof-signatures.js';

/** Longer than any proof that means something. */
const longest = 8_192;
const compactForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** "The jwk … MUST NOT contain a private key" (RFC 9449 section 4.3), nor may a secret be shared by one. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const;

export class JoseProofSignatures extends ProofSignatures {
  async verify(proof: string): Promise<ProvedPossession | undefined> {
    if (proof.length > longest || !compactForm.test(proof)) return undefined;
    try {
      const { jwk } = decodeProtectedHeader(proof);
      if (jwk === undefined || privateMembers.some((member) => member in jwk)) return undefined;
      // Times are left to the caller's clock: here any instant serves.
      const anyTime = { currentDate: new Date(0), clockTolerance: Number.MAX_SAFE_INTEGER };
      const { payload } = await jwtVerify(proof, EmbeddedJWK, {
        algorithms: [...proofAlgorithms],
        typ: 'dpop+jwt',
        ...anyTime,
      });
      return { claims: payload, thumbprint: await calculateJwkThumbprint(jwk) };
    } catch {
      return undefined;
    }
  }
}
