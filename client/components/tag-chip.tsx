import type { Tag } from '../../shared/tag.ts';
import { plainName } from '../lib/bidi.ts';
import { cx } from './cx.ts';

export interface TagChipProps {
  tag: Pick<Tag, 'name' | 'colour'>;
  /** In a narrow place the name is cut short sooner. */
  narrow?: boolean;
  className?: string;
}

/** A label in its colour. The colour never says more than the word. */
export function TagChip({ tag, narrow = false, className }: TagChipProps) {
  const name = plainName(tag.name);
  return (
    <span
      data-tag={tag.colour}
      title={name}
      className={cx(
        'tag inline-flex h-4.5 items-center rounded-sm px-1.5 text-2xs font-medium',
        narrow ? 'max-w-16' : 'max-w-32',
        className,
      )}
    >
      <bdi className="truncate">{name}</bdi>
    </span>
  );
}

/** The colour alone, beside its name in a list of choices. */
export function TagDot({ colour }: { colour: Tag['colour'] }) {
  return <span aria-hidden data-tag={colour} className="tag-dot inline-block size-3 rounded-full" />;
}
