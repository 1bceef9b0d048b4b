import type { ComponentChildren, JSX } from 'preact';
import { Emblem, type SymbolName } from './symbols.js';

/** A page but for whose it is. */
export type Sheet = Readonly<{ title: string; content: JSX.Element }>;

/** What most pages are: a heading, a sentence, and something to do. */
export function sheetOf(
  symbol: SymbolName,
  { title, text }: Readonly<{ title: string; text?: string }>,
  rest?: ComponentChildren,
): Sheet {
  const content = (
    <>
      <Emblem of={symbol} />
      <h1>{title}</h1>
      {text !== undefined && <p>{text}</p>}
      {rest}
    </>
  );
  return { title, content };
}
