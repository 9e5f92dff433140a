import { useState } from 'react';
import { priorities } from '../../shared/conversation.ts';
import { tagColours } from '../../shared/tag.ts';
import { AddressField } from '../components/address-field.tsx';
import { Button } from '../components/button.tsx';
import { Finder } from '../components/finder.tsx';
import { TagChip, TagDot } from '../components/tag-chip.tsx';
import { addressIn, splitAddresses } from '../features/inbox/letter.ts';
import { PriorityMark } from '../features/inbox/priority-mark.tsx';
import { useT } from '../i18n/locale.tsx';
import { Section } from './section.tsx';

/** Labels, how urgent, addresses, and the list that is typed into. */
export function Choices() {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [to, setTo] = useState<readonly string[]>(['sara@example.com']);
  return (
    <Section title={t.tags.title}>
      <div className="flex flex-wrap items-center gap-2">
        {tagColours.map((colour) => (
          <TagChip key={colour} tag={{ name: `${t.tags.unknown} ${colour}`, colour }} />
        ))}
        {priorities.map((priority) => (
          <PriorityMark key={priority} priority={priority} always />
        ))}
        <Button data-open="finder" onPress={() => setOpen(true)}>
          {t.tags.add}
        </Button>
      </div>
      <AddressField
        label={t.letter.cc}
        placeholder={t.letter.addAddress}
        value={to}
        onChange={setTo}
        read={addressIn}
        split={splitAddresses}
        removeLabel={t.letter.removeAddress}
        wrong={t.letter.wrongAddress}
        limit={50}
        tooMany={t.letter.tooMany(50)}
      />
      {open && (
        <Finder
          title={t.tags.title}
          placeholder={t.tags.add}
          onClose={() => setOpen(false)}
          items={tagColours.map((colour) => ({
            id: colour,
            label: colour,
            icon: <TagDot colour={colour} />,
            checked: colour === 'red',
            run: () => setOpen(false),
          }))}
        />
      )}
    </Section>
  );
}
