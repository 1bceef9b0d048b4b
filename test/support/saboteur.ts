export class Sabotage extends Error {
  constructor(place: string) {
    super(`${place} fails, as a spec wants it`);
    this.name = 'Sabotage';
  }
}

type Method = (...parameters: unknown[]) => unknown;

/** Every method of some objects counts how often it is called, and one of them fails when told to. */
export class Saboteur {
  private readonly calls = new Map<string, number>();
  private place: string | undefined;
  private from = 1;

  /** `except`: names of methods that are left alone. */
  constructor(objects: Readonly<Record<string, object>>, except: ReadonlySet<string> = new Set()) {
    for (const [name, object] of Object.entries(objects)) {
      for (const method of methodsOf(object).filter((one) => !except.has(one)))
        this.surround(object, method, `${name}.${method}`);
    }
  }

  /** How often each place is called by some work. */
  async watch(work: () => Promise<unknown>): Promise<ReadonlyMap<string, number>> {
    this.calls.clear();
    await work();
    return new Map(this.calls);
  }

  /** Runs work in which a place fails from its nth call on. @returns also whether it came to that */
  async fail<T>(
    place: string,
    from: number,
    work: () => Promise<T>,
  ): Promise<Readonly<{ failed: boolean; result: T }>> {
    this.calls.clear();
    Object.assign(this, { place, from });
    try {
      const result = await work();
      return { failed: (this.calls.get(place) ?? 0) >= from, result };
    } finally {
      this.place = undefined;
    }
  }

  private surround(object: object, method: string, place: string): void {
    const original = Reflect.get(object, method) as Method;
    const isAsync = original.constructor.name === 'AsyncFunction';
    Reflect.defineProperty(object, method, {
      configurable: true,
      writable: true,
      value: (...parameters: unknown[]): unknown => {
        const calls = (this.calls.get(place) ?? 0) + 1;
        this.calls.set(place, calls);
        if (this.place !== place || calls < this.from) return Reflect.apply(original, object, parameters);
        if (isAsync) return Promise.reject(new Sabotage(place));
        throw new Sabotage(place);
      },
    });
  }
}

/** Of its class and those that it extends, without what is private to the language or an accessor. */
function methodsOf(object: object): readonly string[] {
  const names = new Set<string>();
  for (let level = Object.getPrototypeOf(object); level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level as object))) {
      if (name !== 'constructor' && typeof value === 'function') names.add(name);
    }
  }
  return [...names];
}
