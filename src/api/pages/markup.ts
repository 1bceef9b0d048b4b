const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

/** HTML that is safe as it stands. */
export class Markup {
  constructor(readonly html: string) {}
}

type Piece = string | number | false | Markup | undefined | readonly Piece[];

const render = (piece: Piece): string => {
  if (piece === undefined || piece === false) return '';
  if (piece instanceof Markup) return piece.html;
  return Array.isArray(piece) ? piece.map(render).join('') : escapeHtml(String(piece));
};

/** A template tag: what is put in is escaped unless it is markup already. Attribute values must stand in quotes. */
export const markup = (literals: TemplateStringsArray, ...pieces: readonly Piece[]): Markup =>
  new Markup(literals.map((literal, index) => literal + render(pieces[index])).join(''));
