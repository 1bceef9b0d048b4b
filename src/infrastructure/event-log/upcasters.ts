/** The data of a stored event; sealed values stand in it as instances of Sealed, perhaps without a value. */
export type StoredData = Readonly<Record<string, unknown>>;

/** Brings the data of one schema version to the next one. A pure function of the data. */
export type Step = (data: StoredData) => StoredData;

/** For every event type its steps: the first leads from version 1 to 2. */
export type Upcasters = Readonly<Record<string, readonly Step[]>>;

export const upcast = (steps: readonly Step[], version: number, data: StoredData): StoredData =>
  steps.slice(version - 1).reduce((current, step) => step(current), data);
