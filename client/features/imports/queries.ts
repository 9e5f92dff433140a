import {
  type InfiniteData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import { AppError } from '../../../shared/errors.ts';
import type { Import, ImportErrors, ImportPage } from '../../../shared/import.ts';
import type { Connection } from '../../api/socket.ts';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';

const wired = new WeakSet<Connection>();

/** Imports that work are heard of; once for a connection, which outlives every page. */
export function useImportEvents(): void {
  const { connection } = useWorkspace();
  const client = useQueryClient();
  useEffect(() => {
    if (wired.has(connection)) return;
    wired.add(connection);
    connection.on('import.changed', (event) => keepImport(client, event.import));
    connection.on('import.removed', (event) => dropImport(client, event.importId));
    // What happened while nobody could tell us.
    connection.onState((connected) => {
      if (!connected) return;
      void client.invalidateQueries({ queryKey: ['imports'] });
      void client.invalidateQueries({ queryKey: ['import'] });
    });
  }, [connection, client]);
}

/** Puts what is newer in the place of what was known; one that nobody knew goes on top of the list. */
export function keepImport(client: QueryClient, next: Import): void {
  const before = client.getQueryData<Import | null>(['import', next.id]);
  if (before && before.version > next.version) return;
  client.setQueryData(['import', next.id], next);
  client.setQueryData<InfiniteData<ImportPage>>(['imports'], (list) => list && withImport(list, next));
  if (before?.state === next.state) return;
  void client.invalidateQueries({ queryKey: ['importErrors', next.id] });
  // Customers came or went.
  if (['done', 'undone', 'failed'].includes(next.state))
    for (const key of ['customers', 'customer', 'history', 'records', 'segments'])
      void client.invalidateQueries({ queryKey: [key] });
}

export function withImport(list: InfiniteData<ImportPage>, next: Import): InfiniteData<ImportPage> {
  const known = list.pages.some(({ imports }) => imports.some(({ id }) => id === next.id));
  return {
    ...list,
    pages: list.pages.map((page, at) => ({
      ...page,
      imports: known
        ? page.imports.map((one) => (one.id === next.id && one.version <= next.version ? next : one))
        : at === 0
          ? [next, ...page.imports]
          : page.imports,
    })),
  };
}

/** It was deleted: no list has it any more, and its page says so. */
export function dropImport(client: QueryClient, id: string): void {
  client.setQueryData<Import | null>(['import', id], null);
  client.setQueryData<InfiniteData<ImportPage>>(
    ['imports'],
    (list) =>
      list && {
        ...list,
        pages: list.pages.map((page) => ({
          ...page,
          imports: page.imports.filter((one) => one.id !== id),
        })),
      },
  );
}

export function useImports() {
  const { calls } = useWorkspace();
  useImportEvents();
  return useInfiniteQuery({
    queryKey: ['imports'],
    queryFn: ({ pageParam }) => calls.imports(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

/** Null when it was deleted. */
export function useImport(id: string) {
  const { calls } = useWorkspace();
  const client = useQueryClient();
  useImportEvents();
  return useQuery({
    queryKey: ['import', id],
    // An event may have been quicker than the answer.
    queryFn: async (): Promise<Import | null> => {
      const read = await calls.import(id);
      const heard = client.getQueryData<Import | null>(['import', id]);
      return heard && heard.version > read.version ? heard : read;
    },
  });
}

export function useImportErrors(id: string) {
  const { calls } = useWorkspace();
  return useInfiniteQuery({
    queryKey: ['importErrors', id],
    queryFn: ({ pageParam }) => calls.importErrors(id, pageParam),
    initialPageParam: 0,
    getNextPageParam: (last: ImportErrors) => last.next,
  });
}

/** A deed on an import: what it is after it, or by somebody else's deed meanwhile, is shown at once. */
export function useImportDeed<Said = void>(
  run: (said: Said) => Promise<Import>,
  after?: (next: Import) => void,
) {
  const t = useT();
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: (next) => {
      keepImport(client, next);
      after?.(next);
    },
    onError: (error) => {
      const now = error instanceof AppError && (error.body.data as { import?: Import } | undefined)?.import;
      if (now) keepImport(client, now);
      showToast({ text: errorText(t, error), tone: 'error' });
    },
  });
}
