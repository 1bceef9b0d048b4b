/** Time between a conflict and the next attempt, so that writers of one stream come apart. */
export abstract class ConflictPause {
  /** `conflicts`: how many a command has had in a row. */
  abstract after(conflicts: number): Promise<void>;
}

/** For programs that are alone, and for specs. */
export class NoConflictPause extends ConflictPause {
  async after(): Promise<void> {
    return undefined;
  }
}
