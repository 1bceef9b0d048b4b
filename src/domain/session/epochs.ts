/**
 * The security epochs that were in force before the decision that made a session, grant or token. It is alive only while every one of
 * them is still the current one, so that raising an epoch ends everything older at once.
 */
export type Epochs = Readonly<{ tenant: number; user: number; credentials: number; client: number }>;
