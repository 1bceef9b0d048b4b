import { type Palette, palettes } from '../../domain/tenant/branding.js';

const variables = ({ accent, onAccent, strong, tint }: Palette): string =>
  `--accent: ${accent}; --on-accent: ${onAccent}; --accent-strong: ${strong}; --tint: ${tint};`;

/** The tenant's colours over those of all pages; they were checked when they were set. */
export function brandStyle(accent: string): string {
  const found = palettes(accent);
  if (!found) return '';
  return `:root { ${variables(found.light)} }
@media (prefers-color-scheme: dark) { :root { ${variables(found.dark)} } }
`;
}
