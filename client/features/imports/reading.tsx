import {
  type Import,
  type ImportDialect,
  importDelimiters,
  importEncodings,
} from '../../../shared/import.ts';
import { Checkbox } from '../../components/checkbox.tsx';
import { Select } from '../../components/select.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { Card, useOffline } from '../settings/page.tsx';
import { useImportDeed } from './queries.ts';

/** How the file is written: guessed, and read anew at once when it is otherwise. */
export function Reading({ one }: { one: Import }) {
  const w = useCustomerWords().imports;
  const offline = useOffline();
  const { calls } = useWorkspace();
  const read = useImportDeed((dialect: ImportDialect) => calls.readImport(one.id, dialect));
  const isDisabled = offline;
  const change = (part: Partial<ImportDialect>) => {
    // Not disabled meanwhile: that would take the keyboard away from what was just chosen.
    if (!read.isPending) read.mutate({ ...one.dialect, ...part });
  };
  return (
    <Card title={w.reading} text={w.readingText}>
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2 lg:grid-cols-3">
        <Select
          label={w.encoding}
          options={importEncodings.map((id) => ({ id, label: w.encodings[id] }))}
          value={one.dialect.encoding}
          onChange={(encoding) => change({ encoding })}
          isDisabled={isDisabled}
        />
        <Select
          label={w.delimiter}
          options={importDelimiters.map((id) => ({ id, label: w.delimiters[id] }))}
          value={one.dialect.delimiter}
          onChange={(delimiter) => change({ delimiter })}
          isDisabled={isDisabled}
        />
        <Checkbox
          isSelected={one.dialect.header}
          onChange={(header) => change({ header })}
          isDisabled={isDisabled}
          className="self-end pb-1.5"
        >
          {w.header}
        </Checkbox>
      </div>
    </Card>
  );
}
