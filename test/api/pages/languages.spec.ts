import { expect } from 'chai';
import { wordsFor } from '../../../src/api/pages/language.js';
import { wordings } from '../../../src/api/pages/wording/wordings.js';

const chosen = (accept: string | undefined, standard: string, ...supported: string[]): string =>
  wordsFor(accept, { default: standard, supported }).language;

describe('the language of a page', () => {
  it('is the first that the reader wants and the tenant supports', () => {
    expect(chosen('de-AT, en;q=0.5', 'en', 'en', 'de')).to.equal('de');
    expect(chosen('fr, de;q=0.2, en;q=0.4', 'de', 'en', 'de')).to.equal('en');
    expect(chosen('de;q=0, en;q=0.1', 'de', 'en', 'de')).to.equal('en');
    expect(chosen('en', 'de-CH', 'de-CH')).to.equal('de');
  });

  it('is the tenant’s own where nothing suits, and English where the pages speak none of its languages', () => {
    expect(chosen(undefined, 'de', 'en', 'de')).to.equal('de');
    expect(chosen('*', 'de', 'en', 'de')).to.equal('de');
    expect(chosen('ja', 'de', 'en', 'de')).to.equal('de');
    expect(chosen('ja', 'ja', 'ja')).to.equal('en');
    expect(chosen('ja', 'ja', 'ja', 'de')).to.equal('de');
    expect(chosen(';;q=,__proto__,constructor;q=x', 'en', 'en')).to.equal('en');
  });

  it('has no word that is empty, and no text that two languages share but names', () => {
    const texts = (value: unknown): readonly string[] => {
      if (typeof value === 'string') return [value];
      return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
    };
    for (const [language, words] of Object.entries(wordings)) {
      expect(words.language).to.equal(language);
      expect(texts(words).filter((text) => text.trim() === '')).to.deep.equal([]);
    }
    const shared = texts(wordings['en']).filter((text) => texts(wordings['de']).includes(text));
    expect(new Set(shared)).to.deep.equal(new Set(['Code']));
  });
});
