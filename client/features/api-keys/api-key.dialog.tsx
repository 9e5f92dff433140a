import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { type ApiScope, apiScopes } from '../../../shared/api-key.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Copy } from '../../components/icons.ts';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { Form, FormError } from '../settings/form.tsx';

/** A new key: what it is for and may do; then the key itself, this once. */
export function ApiKeyDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const w = useWords();
  const formId = useId();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly ApiScope[]>(['customers:read']);
  const [tried, setTried] = useState(0);
  const make = useMutation({
    mutationFn: () => calls.createApiKey({ name: name.trim(), scopes: [...scopes] }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['apiKeys'] }),
  });
  const made = make.data;
  if (made)
    return (
      <Dialog
        isOpen
        onClose={onClose}
        title={w.apiKeys.madeTitle}
        alert
        actions={
          <Button variant="primary" onPress={onClose}>
            {w.apiKeys.done}
          </Button>
        }
      >
        <p className="mb-3 text-ink-muted">{w.apiKeys.madeText}</p>
        <div className="flex items-center gap-2 rounded-md bg-sunken p-3">
          <code dir="ltr" className="min-w-0 flex-1 font-mono text-xs break-all select-all">
            {made.secret}
          </code>
          <Button
            size="sm"
            autoFocus
            icon={<Copy size={14} aria-hidden />}
            onPress={() => {
              void navigator.clipboard
                ?.writeText(made.secret)
                .then(() => showToast({ text: t.common.copied, stays: 2_000 }));
            }}
          >
            {w.apiKeys.copy}
          </Button>
        </div>
      </Dialog>
    );
  const submit = () => {
    setTried((before) => before + 1);
    if (name.trim() && scopes.length > 0 && !make.isPending) make.mutate();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={w.apiKeys.add}
      actions={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button type="submit" form={formId} variant="primary" isPending={make.isPending}>
            {w.apiKeys.create}
          </Button>
        </>
      }
    >
      <Form id={formId} onSubmit={submit} issues={tried} className="flex flex-col gap-4">
        {make.error && <FormError text={errorText(t, make.error)} error={make.error} />}
        <TextField
          label={w.apiKeys.name}
          help={w.apiKeys.nameHelp}
          value={name}
          onChange={setName}
          maxLength={80}
          autoFocus
          error={tried > 0 && !name.trim() ? t.fields.required : undefined}
        />
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-sm font-medium">{w.apiKeys.scopes}</legend>
          {apiScopes.map((scope) => (
            <Checkbox
              key={scope}
              isSelected={scopes.includes(scope)}
              onChange={(on) =>
                setScopes((before) => (on ? [...before, scope] : before.filter((each) => each !== scope)))
              }
            >
              {w.apiKeys.scope[scope]}
            </Checkbox>
          ))}
          {tried > 0 && scopes.length === 0 && (
            <p role="alert" className="text-xs text-danger-ink">
              {w.apiKeys.chooseScope}
            </p>
          )}
        </fieldset>
      </Form>
    </Dialog>
  );
}
