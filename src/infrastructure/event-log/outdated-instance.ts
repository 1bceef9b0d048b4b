import { LogUnavailable } from '../../application/ports/event-log.js';

/**
 * The log is written under other versions of the event catalogue or of the inline models than this instance knows. Nothing was appended;
 * an instance of the right version may serve the same command.
 */
export class OutdatedInstance extends LogUnavailable {
  constructor(message: string) {
    super(message);
    this.name = 'OutdatedInstance';
  }
}
