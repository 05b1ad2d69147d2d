/** Photos of the car and its damages: seen, added, let go. */
import { useState } from "preact/hooks";
import { listPhotos } from "../../../api/care";
import type { Photo, Rental } from "../../../api/types";
import { groupPhotos, type PhotoGroup } from "../../../renter/rental/photo-groups";
import { useLoad } from "../../../shared/load";
import { ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { useSession } from "../../session/gate";
import { useCareWords } from "../i18n";
import { type Told, ToldNotice } from "../parts/told";
import { AddPhotos } from "./add-photos";
import { DiscardDialog } from "./discard-dialog";
import { subjectsOf } from "./files";
import { Thumbnail } from "./thumbnail";
import { Viewer } from "./viewer";

interface PanelProps {
  rental: Rental;
  changed: () => void;
}

/** A photo that is looked at; `name` says what it shows. */
export interface Seen {
  photo: Photo;
  name: string;
  url: string;
}

export function PhotosPanel({ rental, changed }: PanelProps) {
  const { t } = useCareWords();
  const { token } = useSession();
  const { reference, status } = rental;
  const [told, setTold] = useState<Told | null>(null);
  const [seen, setSeen] = useState<Seen | null>(null);
  const [discarding, setDiscarding] = useState<Seen | null>(null);
  const { data, problem, pending, reload } = useLoad(`photos ${reference} ${status}`, (signal) =>
    listPhotos(token, reference, signal),
  );
  const done = (sentences: Told) => {
    setTold(sentences);
    setDiscarding(null);
    reload();
    changed();
  };
  const groups = data ? groupPhotos(data) : [];
  const subjects = data ? subjectsOf(rental, data) : [];
  return (
    <section class="card care-panel" aria-labelledby="care-photos">
      <h2 id="care-photos">{t("photos.title")}</h2>
      {pending && <Skeleton shapes={2} />}
      {problem && !data && <ProblemNotice problem={problem} retry={reload} />}
      <ToldNotice told={told} />
      {data && groups.length === 0 && (
        <p class="muted">{t(subjects.length > 0 ? "photos.none" : "photos.too_early")}</p>
      )}
      {groups.length > 0 && (
        <div class="photos">
          {groups.map((group) => (
            <Group key={group.key} group={group} reference={reference} onSee={setSeen} />
          ))}
        </div>
      )}
      {data && subjects.length > 0 && (
        <AddPhotos rental={rental} subjects={subjects} damages={data.damages} onDone={done} />
      )}
      {seen && (
        <Viewer
          seen={seen}
          timeZone={rental.pickup.timezone}
          onClose={() => setSeen(null)}
          onDiscard={() => {
            setDiscarding(seen);
            setSeen(null);
          }}
        />
      )}
      {discarding && (
        <DiscardDialog
          seen={discarding}
          reference={reference}
          onClose={() => setDiscarding(null)}
          onDone={done}
        />
      )}
    </section>
  );
}

interface GroupProps {
  group: PhotoGroup;
  reference: string;
  onSee: (seen: Seen) => void;
}

/** Files load when they are looked at: they are as large as they were taken. */
function Group({ group, reference, onSee }: GroupProps) {
  const { t } = useCareWords();
  const { kind, description, photos } = group;
  const [opened, setOpened] = useState(kind === "damage");
  const label = t(`photos.of.${kind}`, { description });
  const count = photos.length;
  return (
    <details open={kind === "damage"} onToggle={() => setOpened(true)}>
      <summary>
        {label} <span class="muted">({count})</span>
      </summary>
      <ul class="photo-list">
        {photos.map((photo, index) => (
          <li key={photo.id}>
            {opened && (
              <Thumbnail
                photo={photo}
                name={t("photos.one", { label, number: index + 1, count })}
                reference={reference}
                onSee={onSee}
              />
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
