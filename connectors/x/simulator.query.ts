/** The search's query language, as much of it as matters here: phrases, OR, groups, minus, `is:retweet`, `from:`. */

export interface Searched {
  text: string;
  author: string;
  repost: boolean;
}

type Test = (post: Searched) => boolean;

/** Throws with a sentence on what X would refuse. */
export function parseQuery(query: string): Test {
  const tokens = query.match(/-?"[^"]*"|-?\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const either = (): Test => {
    const tests = [all()];
    while (tokens[at] === 'OR') {
      at += 1;
      tests.push(all());
    }
    return (post) => tests.some((test) => test(post));
  };
  const all = (): Test => {
    const tests: Test[] = [];
    while (at < tokens.length && tokens[at] !== ')' && tokens[at] !== 'OR') tests.push(one());
    if (tests.length === 0) throw new Error('missing a term');
    return (post) => tests.every((test) => test(post));
  };
  const one = (): Test => {
    const token = tokens[at] ?? '';
    at += 1;
    const not = token.startsWith('-');
    const bare = not ? token.slice(1) : token;
    let test: Test;
    if (bare === '(') {
      test = either();
      if (tokens[at] !== ')') throw new Error('a group is not closed');
      at += 1;
    } else test = term(bare);
    return not ? (post) => !test(post) : test;
  };
  const test = either();
  if (at < tokens.length) throw new Error(`nothing was expected at ${tokens[at]}`);
  return test;
}

function term(token: string): Test {
  if (token === 'is:retweet') return (post) => post.repost;
  const from = /^from:(\w+)$/.exec(token)?.[1];
  if (from) return (post) => post.author.toLowerCase() === from.toLowerCase();
  if (/^\w+:/.test(token)) throw new Error(`there is no operator ${token}`);
  const words = token.replaceAll('"', '').toLowerCase();
  return (post) => post.text.toLowerCase().includes(words);
}
