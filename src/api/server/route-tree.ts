/** Path segments as a tree, so that finding a route costs the length of its path and not the number of routes. */
type Node<Leaf> = {
  children: Map<string, Node<Leaf>>;
  parameter: { name: string; node: Node<Leaf> } | undefined;
  leaves: Map<string, Leaf>;
};

export type Match<Leaf> =
  | Readonly<{ found: 'leaf'; leaf: Leaf; params: Readonly<Record<string, string>> }>
  | Readonly<{ found: 'other-methods'; allow: readonly string[] }>
  | Readonly<{ found: 'nothing' }>;

/** A path that cannot be decoded: malformed percent-encoding or UTF-8, NUL or other control characters. */
export class MalformedPath extends Error {}

const control = /\p{Cc}/u;

function decode(segment: string): string {
  if (!segment.includes('%')) return segment;
  let decoded: string;
  try {
    decoded = decodeURIComponent(segment);
  } catch (error) {
    throw new MalformedPath('the path is not well-formed', { cause: error });
  }
  if (control.test(decoded)) throw new MalformedPath('the path has control characters');

  return decoded;
}

export class RouteTree<Leaf> {
  private readonly root: Node<Leaf> = { children: new Map(), parameter: undefined, leaves: new Map() };

  /** @throws TypeError where the method is taken, or a parameter stands where another path names it differently */
  add(method: string, path: string, leaf: Leaf): void {
    const node = path
      .slice(1)
      .split('/')
      .reduce((parent, segment) => child(parent, segment, path), this.root);
    if (node.leaves.has(method)) throw new TypeError(`${method} ${path} stands twice in the table`);

    node.leaves.set(method, leaf);
  }

  /** `path` as sent, without the query. Literal segments win over parameters; an empty segment matches nothing. */
  find(method: string, path: string): Match<Leaf> {
    const params: Record<string, string> = Object.create(null) as Record<string, string>;
    const node = descend(this.root, path.slice(1).split('/').map(decode), 0, params);
    if (node === undefined) return { found: 'nothing' };
    const leaf = node.leaves.get(method);
    if (leaf === undefined) return { found: 'other-methods', allow: [...node.leaves.keys()] };

    return { found: 'leaf', leaf, params };
  }
}

function child<Leaf>(parent: Node<Leaf>, segment: string, path: string): Node<Leaf> {
  const fresh = (): Node<Leaf> => ({ children: new Map(), parameter: undefined, leaves: new Map() });
  if (segment.startsWith(':')) {
    const name = segment.slice(1);
    parent.parameter ??= { name, node: fresh() };
    if (parent.parameter.name !== name) {
      throw new TypeError(`${path}: another path calls the parameter :${parent.parameter.name}`);
    }
    return parent.parameter.node;
  }
  const next = parent.children.get(segment) ?? fresh();
  parent.children.set(segment, next);
  return next;
}

function descend<Leaf>(
  node: Node<Leaf>,
  segments: readonly string[],
  depth: number,
  params: Record<string, string>,
): Node<Leaf> | undefined {
  const segment = segments[depth];
  if (segment === undefined) return node.leaves.size === 0 ? undefined : node;
  const literal = node.children.get(segment);
  const found = literal === undefined ? undefined : descend(literal, segments, depth + 1, params);
  if (found !== undefined || node.parameter === undefined || segment === '') return found;

  params[node.parameter.name] = segment;
  return descend(node.parameter.node, segments, depth + 1, params);
}
