import { useCustomerWords } from '../../i18n/customer-words.ts';
import { FormError } from '../settings/form.tsx';

/** What stopped an import: in our words, and in the server's, which are English. */
export function Said({ text, said }: { text: string; said: string | null }) {
  const w = useCustomerWords().imports;
  return (
    <FormError
      text={
        <>
          {text}
          {said && (
            <span className="block font-normal">
              {w.said}{' '}
              <bdi lang="en" dir="ltr">
                {said}
              </bdi>
            </span>
          )}
        </>
      }
    />
  );
}
