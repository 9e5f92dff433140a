import { type ReactNode, type Ref, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Input } from 'react-aria-components/Input';
import { SearchField as AriaSearchField } from 'react-aria-components/SearchField';
import {
  type TextFieldProps as AriaProps,
  TextField as AriaTextField,
} from 'react-aria-components/TextField';
import { useLocale, useT } from '../i18n/locale.tsx';
import { dirOf } from '../lib/bidi.ts';
import { cx } from './cx.ts';
import { controlClass, FieldLabel, FieldNotes, type FieldProps } from './field.tsx';
import { Eye, EyeOff, Search, X } from './icons.ts';

export interface TextFieldProps
  extends Omit<AriaProps, 'className' | 'style' | 'children' | 'isInvalid'>,
    FieldProps {
  placeholder?: string;
  /** Codes, numbers and addresses are left to right whatever the page; other text goes by its words. */
  ltr?: boolean;
  className?: string;
  inputRef?: Ref<HTMLInputElement>;
}

export function TextField(props: TextFieldProps) {
  const {
    label,
    help,
    error,
    optional,
    bare,
    placeholder,
    ltr,
    className,
    inputRef,
    type = 'text',
    ...rest
  } = props;
  const t = useT();
  const { direction } = useLocale();
  const [shown, setShown] = useState(false);
  const [text, setText] = useState(rest.defaultValue ?? '');
  const secret = type === 'password';
  const dir =
    ltr || secret || type === 'email' || type === 'url' ? 'ltr' : dirOf(rest.value ?? text, direction);
  // An empty field shows its placeholder from the page's edge, unless that is a code as well.
  const empty = (rest.value ?? text) === '' && !placeholder;
  return (
    <AriaTextField
      {...rest}
      type={secret && shown ? 'text' : type}
      onChange={(value) => {
        setText(value);
        rest.onChange?.(value);
      }}
      isInvalid={error !== undefined && error !== null && error !== ''}
      className={cx('flex flex-col gap-1', className)}
    >
      <FieldLabel label={label} optional={optional} bare={bare} />
      <span className="relative block">
        <Input
          ref={inputRef}
          dir={empty ? direction : dir}
          placeholder={placeholder}
          className={cx(controlClass, 'h-(--control)', dir === 'ltr' && direction === 'rtl' && 'ui-start')}
        />
        {secret && (
          <Button
            slot={null}
            aria-label={shown ? t.kit.hidePassword : t.kit.showPassword}
            aria-pressed={shown}
            onPress={() => setShown(!shown)}
            className="absolute inset-y-0 end-0 grid w-8 place-items-center rounded-md text-ink-faint hover:text-ink"
          >
            {shown ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
          </Button>
        )}
      </span>
      <FieldNotes help={help} error={error} />
    </AriaTextField>
  );
}

export interface SearchFieldProps {
  /** Read aloud; the magnifier stands for it on screen. */
  label: string;
  value: string;
  onChange: (value: string) => void;
  onSubmit?: (value: string) => void;
  placeholder?: string;
  autoFocus?: boolean;
  trailing?: ReactNode;
  className?: string;
  inputRef?: Ref<HTMLInputElement>;
}

export function SearchField(props: SearchFieldProps) {
  const { label, value, onChange, onSubmit, placeholder, autoFocus, trailing, className, inputRef } = props;
  const t = useT();
  const { direction } = useLocale();
  return (
    <AriaSearchField
      aria-label={label}
      value={value}
      onChange={onChange}
      onSubmit={onSubmit}
      autoFocus={autoFocus}
      className={cx('group relative flex items-center', className)}
    >
      <Search size={15} aria-hidden className="pointer-events-none absolute start-2.5 text-ink-faint" />
      <Input
        ref={inputRef}
        dir={dirOf(value, direction)}
        placeholder={placeholder}
        className="ui-start h-(--control) w-full rounded-md border border-transparent bg-sunken ps-8 pe-8 text-sm text-ink hover:border-line focus:border-line-strong focus:bg-raised focus-visible:outline-offset-0 [&::-webkit-search-cancel-button]:hidden"
      />
      {value === '' ? (
        <span className="absolute end-2 flex">{trailing}</span>
      ) : (
        <Button
          aria-label={t.common.clear}
          className="absolute end-1 grid size-6 place-items-center rounded-sm text-ink-faint hover:text-ink"
        >
          <X size={14} aria-hidden />
        </Button>
      )}
    </AriaSearchField>
  );
}
