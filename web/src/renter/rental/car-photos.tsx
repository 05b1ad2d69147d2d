/** Photos of the car and of damages that are charged; files load when they are looked at. */
import { useEffect, useState } from "preact/hooks";
import { downloadPhoto, readPhotos } from "../../api/photos";
import type { Photo, Rental } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { useLoad } from "../../shared/load";
import { ProblemNotice } from "../../shared/ui/notice";
import { type PhotoGroup, groupPhotos } from "./photo-groups";

interface PhotosProps {
  rental: Rental;
  token: string;
}

export function CarPhotos({ rental, token }: PhotosProps) {
  const { t } = useI18n();
  const { reference, status } = rental;
  const hasLeft = status === "CHECKED_OUT" || status === "COMPLETED";
  const { data, problem, reload } = useLoad(
    hasLeft ? `photos ${reference} ${status} ${token}` : null,
    (signal) => readPhotos(reference, token, signal),
  );
  const groups = data ? groupPhotos(data) : [];
  if (groups.length === 0 && !problem) return null;
  return (
    <section class="card photos" aria-labelledby="photos">
      <h2 id="photos">{t("photos.title")}</h2>
      {problem && !data && <ProblemNotice problem={problem} retry={reload} />}
      {groups.map((group) => (
        <Group key={group.key} group={group} reference={reference} token={token} />
      ))}
    </section>
  );
}

interface GroupProps {
  group: PhotoGroup;
  reference: string;
  token: string;
}

function Group({ group, reference, token }: GroupProps) {
  const { t } = useI18n();
  const { kind, description, photos } = group;
  const [seen, setSeen] = useState(kind === "damage");
  const label = t(`photos.${kind}`, { description });
  const count = photos.length;
  return (
    <details open={kind === "damage"} onToggle={() => setSeen(true)}>
      <summary>
        {label} <span class="muted">({count})</span>
      </summary>
      <ul class="photo-list">
        {photos.map((photo, index) => (
          <li key={photo.id}>
            {seen && (
              <Picture
                photo={photo}
                name={t("photos.one", { label, number: index + 1, count })}
                reference={reference}
                token={token}
              />
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

interface PictureProps {
  photo: Photo;
  name: string;
  reference: string;
  token: string;
}

/** Opens in full size in a tab of its own. */
function Picture({ photo, name, reference, token }: PictureProps) {
  const { data, problem, reload } = useLoad(`photo ${reference} ${photo.id} ${token}`, () =>
    downloadPhoto(reference, token, photo.id),
  );
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!data) return;
    const made = URL.createObjectURL(data);
    setUrl(made);
    return () => {
      setUrl(null);
      URL.revokeObjectURL(made);
    };
  }, [data]);
  if (problem) return <ProblemNotice problem={problem} retry={reload} />;
  if (!url) return <div class="skeleton photo" aria-hidden="true" />;
  return (
    <a href={url} target="_blank">
      <img class="photo" src={url} alt={name} width={photo.width} height={photo.height} />
    </a>
  );
}
