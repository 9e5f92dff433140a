/** What may be said of a MongoDB address, and what must not. */
export interface Address {
  uri: string;
  /** Its hosts, for the person: no user, no password, no options. */
  name: string;
  /** Takes whatever is secret in the address out of a text. */
  hide(text: string): string;
}

const PLAIN = /^mongodb(?:\+srv)?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)(?:\/[^?]*)?(?:\?(.*))?$/;
/** Options whose values nobody else may see. */
const SECRET_OPTION = /^(authmechanismproperties|tlscertificatekeyfilepassword|proxypassword)$/i;

/** Takes an address apart by hand: the driver's own complaint may quote all of it. */
export function addressOf(uri: string): Address {
  if (!/^mongodb(\+srv)?:\/\//.test(uri))
    throw new Error(
      'the address is none of MongoDB: it begins with mongodb:// or mongodb+srv://, as in mongodb://user:password@host:27017/?replicaSet=rs0',
    );
  const plain = PLAIN.exec(uri);
  const [, user, hosts, options] =
    plain && (plain[1] !== undefined || !uri.includes('@')) ? plain : apartAtLastSign(uri);
  const secrets = [user ?? '', (user ?? '').replace(/^[^:]*:?/, ''), ...secretOptions(options ?? '')]
    .flatMap((secret) => [secret, decoded(secret)])
    .filter((secret) => secret.length > 2)
    .sort((a, b) => b.length - a.length);
  return {
    uri,
    name: decoded(hosts ?? ''),
    hide: (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), text),
  };
}

/** A password that was not escaped may hold any sign: all that stands before the last @ is taken for it. */
function apartAtLastSign(uri: string): [string, string, string, string] {
  const start = uri.indexOf('//') + 2;
  const at = uri.lastIndexOf('@');
  const [hosts = '', options = ''] = uri.slice(at + 1).split(/\/?\?/);
  return [uri, uri.slice(start, at), hosts.replace(/\/.*$/, ''), options];
}

const secretOptions = (options: string) =>
  options.split('&').flatMap((option) => {
    const [name = '', ...value] = option.split('=');
    return SECRET_OPTION.test(name) ? [value.join('=')] : [];
  });

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
