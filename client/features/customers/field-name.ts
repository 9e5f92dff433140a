import { useQuery } from '@tanstack/react-query';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useWorkspace } from '../../state/hooks.tsx';

/** How a field of a customer's record is called: one of ours, a kind of identity, a consent, or one that an administrator defined. */
export function useFieldName(): (field: string) => string {
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const { data: fields } = useQuery({ queryKey: ['fields'], queryFn: () => calls.fields() });
  const { consentOn, ...profile } = w.profileField;
  const ours: Record<string, string> = { ...w.identityKind, ...profile };
  return (field) => {
    const [, channel] = /^consents\.(.+)$/.exec(field) ?? [];
    if (channel) return consentOn(ours[channel] ?? channel);
    const custom = fields?.find(({ id }) => id === field.replace(/^fields?[.:]/, ''));
    return custom?.name ?? ours[field] ?? w.profileField.custom;
  };
}
