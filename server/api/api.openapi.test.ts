import type { Router } from 'express';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { Context } from '../context.ts';
import { openApiDocument } from './api.openapi.ts';
import { publicApi } from './api.router.ts';
import { endpoints } from './api.table.ts';

const document = openApiDocument(endpoints);
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** What the server itself answers, read off its router. */
function served(router: Router): string[] {
  return router.stack.flatMap(({ route }) =>
    route
      ? [...new Set(route.stack.map(({ method }) => method))].map(
          (method) => `${method} ${route.path.replace(/:(\w+)/g, '{$1}')}`,
        )
      : [],
  );
}

describe('the document of the public API', () => {
  it('has every address that is served, and no other', () => {
    const own = 'get /openapi.json';
    const routes = served(publicApi({ publicUrl: null } as Context));
    expect(routes).toContain(own);
    expect(operations.map(({ path, method }) => `${method} ${path}`).sort()).toEqual(
      routes.filter((route) => route !== own).sort(),
    );
  });

  it('is OpenAPI 3.1 that a generator can read: ids are unique, every reference and every part of a path is there', () => {
    expect(document.openapi).toBe('3.1.0');
    const ids = operations.map(({ operation }) => operation['operationId']);
    expect(new Set(ids).size).toBe(ids.length);
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(references.length).toBeGreaterThan(0);
    for (const name of references) expect(document.components.schemas).toHaveProperty(name ?? '');
    for (const { path, operation } of operations) {
      const inPath = (operation['parameters'] as { name: string; in: string }[])
        .filter((one) => one.in === 'path')
        .map(({ name }) => name);
      expect([path, inPath.sort()]).toEqual([
        path,
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(),
      ]);
      for (const status of ['401', '403', '422', '429'])
        expect(operation['responses']).toHaveProperty(status);
    }
    expect(text).not.toContain('"$schema"');
  });

  it.each(endpoints.map((one) => [one.id, one] as const))('has examples of %s that are valid', (_, one) => {
    if (one.body) expect(z.safeParse(one.body.schema, one.body.example)).toMatchObject({ success: true });
    if (one.answer) {
      const read = z.safeParse(one.answer.schema, one.answer.example);
      expect(read).toMatchObject({ success: true });
      // Nothing in it that the schema does not know.
      expect(read.data).toEqual(one.answer.example);
    }
    expect(one.status === 204).toBe(one.answer === null);
  });

  it('says of every body, in every object within, that nothing else is taken', () => {
    const open: string[] = [];
    const look = (part: unknown, path: string): void => {
      if (typeof part !== 'object' || part === null) return;
      if ('properties' in part && (part as Record<string, unknown>)['additionalProperties'] !== false)
        open.push(path);
      for (const [key, one] of Object.entries(part)) look(one, `${path}.${key}`);
    };
    const bodies = endpoints.flatMap((one) => (one.body ? [one.body.name] : []));
    expect(bodies).toContain('RecordBatch');
    for (const name of bodies) look(document.components.schemas[name], name);
    expect(open).toEqual([]);
  });

  it('says of every parameter what it is', () => {
    for (const { operation } of operations)
      for (const parameter of operation['parameters'] as { description: string; name: string }[])
        expect([parameter.name, parameter.description]).toEqual([
          parameter.name,
          expect.stringMatching(/\w{3}/),
        ]);
  });
});
