import { randomBytes } from 'node:crypto';

/** Who may be shown it: `typed` secrets nobody, `made` ones whoever they were made for, and what is personal its person. */
export type CanaryGroup = 'typed' | 'made' | 'person' | 'origin';
type Canary = Readonly<{ name: string; group: CanaryGroup; forms: readonly string[] }>;

/** Values that occur nowhere by accident, and where they occur after all. */
export class Canaries {
  private readonly known = new Map<string, Canary>();

  /** A new value to be typed somewhere. */
  new(group: CanaryGroup, name: string, make: (unique: string) => string = (unique) => unique): string {
    const value = make(randomBytes(8).toString('hex'));
    this.add(group, name, value);
    return value;
  }

  add(group: CanaryGroup, name: string, value: string): void {
    if (!this.known.has(value)) this.known.set(value, { name, group, forms: formsOf(value) });
  }

  get size(): number {
    return this.known.size;
  }

  /** Names of those of these groups that stand in a text: in clear, whatever the case, or in hexadecimal, Base64 or URL encoding. */
  in(text: string, groups: readonly CanaryGroup[] = ['typed', 'made', 'person', 'origin']): readonly string[] {
    const lower = text.toLowerCase();
    return [...this.known.values()]
      .filter(({ group, forms }) => groups.includes(group) && forms.some((form) => lower.includes(form)))
      .map(({ name }) => name);
  }
}

/** Lower-case, as the text is made: two that differ only in case are not told apart, which can only find too much. */
function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const inBase64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return text.slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + bytes.length) * 4) / 3));
  });
  const inUrl = inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const forms = [value, bytes.toString('hex'), encodeURIComponent(value), ...inBase64, ...inUrl];
  return [...new Set(forms.map((form) => form.toLowerCase()))];
}
