/**
 * How a site's own server makes the hash that vouches for a user: the same in three languages. samples.test.ts runs them.
 * Over `JSON.stringify([userId, name, email, mobile])`, with empty texts for what is not said.
 */
export const samples = [
  {
    id: 'node',
    name: 'Node.js',
    code: `import { createHmac } from 'node:crypto';

function signUser(secret, { userId, name = '', email = '', mobile = '' }) {
  const text = JSON.stringify([userId, name, email, mobile]);
  const hash = createHmac('sha256', secret).update(text, 'utf8').digest('hex');
  return { userId, name, email, mobile, hash };
}
`,
  },
  {
    id: 'php',
    name: 'PHP',
    code: `function sign_user(string $secret, array $user): array {
  $user += ['name' => '', 'email' => '', 'mobile' => ''];
  $claims = [$user['userId'], $user['name'], $user['email'], $user['mobile']];
  $text = json_encode($claims, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_LINE_TERMINATORS);
  $user['hash'] = hash_hmac('sha256', $text, $secret);
  return $user;
}
`,
  },
  {
    id: 'python',
    name: 'Python',
    code: `import hashlib, hmac, json

def sign_user(secret, user_id, name='', email='', mobile=''):
    claims = [user_id, name, email, mobile]
    text = json.dumps(claims, ensure_ascii=False, separators=(',', ':'))
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return {'userId': user_id, 'name': name, 'email': email, 'mobile': mobile, 'hash': digest}
`,
  },
] as const;

export type SampleId = (typeof samples)[number]['id'];

/** What the page says once its server has signed the user. */
export const identifySample = `<script>
  // From your server, for the user who is signed in; null for nobody.
  window.yekja.identify({ userId: '…', name: '…', email: '…', mobile: '', hash: '…' });
</script>
`;

/** @param home where the product is, as visitors reach it */
export function snippetOf(home: string, site: string): string {
  return `<script>window.yekja = { site: '${site}' };</script>
<script async src="${home}/widget/loader.js"></script>
`;
}

/** For a page whose content policy allows no script within it. */
export function strictSnippetOf(home: string, site: string): string {
  return `<script async src="${home}/widget/loader.js" data-site="${site}"></script>
`;
}

export const policyOf = (home: string): string =>
  `script-src ${home}; frame-src ${home}; connect-src ${home}`;

/** A secret as the server would make one: 256 bits. */
export function mintSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
