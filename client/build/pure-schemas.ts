import type { Plugin } from 'vite';

/** A schema at the top of a module of shared/, up to the end of its statement. */
const schema = /^((?:export )?const \w+ = )(z\s*\.[\s\S]*?);$(?=\n(?:\S|\n|$))/gm;

/**
 * The schemas of shared/ are made when their modules load, so the browser would carry them all, and zod with them, for the
 * few it asks for. Here each becomes an expression that is left out when nothing uses it.
 */
export function pureSchemas(): Plugin {
  return {
    name: 'yekja:pure-schemas',
    enforce: 'pre',
    apply: 'build',
    transform: {
      filter: { id: /[/\\]shared[/\\][^/\\]+\.ts$/ },
      handler: (code) => ({ code: code.replace(schema, '$1/*#__PURE__*/ (() => $2)();'), map: null }),
    },
  };
}
