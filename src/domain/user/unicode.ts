/**
 * Code points that show nothing or steer what is shown: controls, formats, joiners, variation selectors, lone
 * surrogates.
 */
export const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Compatibility forms become plain ones (＠ is @, ﬁ is fi), and white space around the text goes. */
export const plain = (text: string): string => text.normalize('NFKC').trim();

export const codePoints = (text: string): number => [...text].length;

/**
 * The same text for every case variant of one text, after NFKC: full case folding (Unicode section 3.13) by way of
 * upper case (ß and ẞ are SS), code point by code point so that no letter depends on its neighbours. The dotless ı
 * stays apart from i, as in Unicode's own table.
 */
export const folded = (text: string): string => {
  const fold = (point: string): string => (point === 'ı' ? point : point.toLowerCase().toUpperCase().toLowerCase());

  return [...text.normalize('NFKC')].map(fold).join('').normalize('NFKC');
};

const encoder = new TextEncoder();
export const bytes = (text: string): number => encoder.encode(text).length;
