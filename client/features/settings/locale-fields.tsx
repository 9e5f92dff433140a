import { useState } from 'react';
import { Segmented } from '../../components/radio-group.tsx';
import { Select } from '../../components/select.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { deviceZone, timeZones } from './time-zones.ts';

/** Language, calendar and time zone, each in effect at once; the labels are the page's own. */
export function LocaleFields({
  labels,
}: {
  labels: { language: string; calendar: string; timeZone: string };
}) {
  const t = useT();
  const { language, calendar, timeZone, change } = useLocale();
  const [zones] = useState(() => timeZones([timeZone, deviceZone(), 'Asia/Tehran']));
  return (
    <>
      <Segmented
        label={labels.language}
        options={[
          { id: 'fa', label: <span lang="fa">{t.profile.languages.fa}</span> },
          { id: 'en', label: <span lang="en">{t.profile.languages.en}</span> },
        ]}
        value={language}
        onChange={(chosen) => change({ language: chosen })}
      />
      <Segmented
        label={labels.calendar}
        options={[
          { id: 'jalali', label: t.profile.calendars.jalali },
          { id: 'gregorian', label: t.profile.calendars.gregorian },
        ]}
        value={calendar}
        onChange={(chosen) => change({ calendar: chosen })}
      />
      <Select
        label={labels.timeZone}
        options={zones}
        value={timeZone}
        onChange={(chosen) => change({ timeZone: chosen })}
      />
    </>
  );
}
