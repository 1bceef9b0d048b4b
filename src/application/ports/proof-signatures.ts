/** What a proof of possession says whose signature its own key made. */
export type ProvedPossession = Readonly<{
  claims: Readonly<Record<string, unknown>>;
  /** RFC 7638, with SHA-256. */
  thumbprint: string;
}>;

/** Proofs of possession: JWTs that bring their public key along (RFC 9449 section 4.2). */
export abstract class ProofSignatures {
  /** Undefined unless form, `typ`, algorithm, key and signature are right. Claims are for the caller to judge. */
  abstract verify(proof: string): Promise<ProvedPossession | undefined>;
}
