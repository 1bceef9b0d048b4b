/** Control characters, line ends, and marks that turn the direction of text around. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
/** Whoever registers a stranger's address chooses the name: it must not carry a message of its own. */
const carriesAnAddress = /:\/\/|[/@\\]|\bwww\b|\p{L}\.\p{L}{2}/iu;
const longest = 60;

/** A person's name as it may stand in a message, or undefined where it cannot. */
export function displayName(names: Readonly<{ firstName?: string; lastName?: string }>): string | undefined {
  const name = [names.firstName, names.lastName]
    .filter((part) => part !== undefined)
    .join(' ')
    .normalize('NFKC')
    .replace(unseen, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return name === '' || [...name].length > longest || carriesAnAddress.test(name) ? undefined : name;
}
