import { Database } from '../../src/infrastructure/database.js';
import { Annal } from './annal.js';
import { HeldEngine } from './held-engine.js';
import { testEngine } from './test-engine.js';

/** Another instance of an installation, on an engine that can be stopped in its tracks; stop it before the first one. */
export class HeldInstance {
  private constructor(
    readonly annal: Annal,
    readonly engine: HeldEngine,
    private readonly database: Database,
  ) {}

  static async beside({ place, clock }: Annal): Promise<HeldInstance> {
    const database = new Database(place.config);
    const engine = new HeldEngine(testEngine(place, database));
    const annal = await Annal.start({ roles: ['api'], place, foundation: { clock, engine } });
    return new HeldInstance(annal, engine, database);
  }

  async stop(): Promise<void> {
    await this.annal.stop();
    await this.database.close();
  }
}
