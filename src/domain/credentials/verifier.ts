/** What proves a password: a PHC string, and the id of the pepper mixed in. */
export type Verifier = Readonly<{ phc: string; pepper?: string }>;
