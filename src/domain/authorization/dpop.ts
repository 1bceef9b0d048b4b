/** Algorithms in which proofs of possession are made (RFC 9449 section 5.1): asymmetric ones, of those that FAPI 2.0 allows. */
export const proofAlgorithms = ['ES256', 'PS256', 'EdDSA'] as const;
