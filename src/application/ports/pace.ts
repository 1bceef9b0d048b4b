/** Ends at the next beat since it was begun. */
export type Beat = () => Promise<void>;

/**
 * Work that must not tell by its time whom it was about: it is answered on a beat that is far longer than the work, so that what the
 * work was does not matter. Whoever is let in is answered at once.
 */
export abstract class Pace {
  /** `name` says what kind of work it is; only works of one kind can be compared. */
  abstract begin(name: string): Beat;
}

/** Answers at once: for programs that nobody measures. */
export class NoPace extends Pace {
  begin(): Beat {
    return async () => undefined;
  }
}
