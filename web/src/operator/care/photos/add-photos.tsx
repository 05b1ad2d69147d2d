/** Photos from the camera or from files, sent one after the other. */
import { useRef, useState } from "preact/hooks";
import { addPhoto } from "../../../api/care";
import type { Rental, RentalPhotos } from "../../../api/types";
import { Field, TextField } from "../../../shared/ui/field";
import { ProblemNotice } from "../../../shared/ui/notice";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useCareWords } from "../i18n";
import type { Told } from "../parts/told";
import { useFaults } from "../parts/use-faults";
import { faultOf, PHOTO_TYPES, queryOf, type Subject, wasExchanged } from "./files";

interface AddProps {
  rental: Rental;
  subjects: readonly Subject[];
  damages: RentalPhotos["damages"];
  onDone: (told: Told) => void;
}

const CONTROLS = { plate: "photo-plate", kind: "photo-subject", damage: "photo-subject" };

export function AddPhotos({ rental, subjects, damages, onDone }: AddProps) {
  const { t, count, lookUp } = useCareWords();
  const { token } = useSession();
  const [subject, setSubject] = useState<Subject>(subjects.at(-1) ?? "check_out");
  const [plate, setPlate] = useState("");
  const [files, setFiles] = useState<readonly File[]>([]);
  const [sent, setSent] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const action = useAction(
    // One that has arrived already is the same photo again: to repeat is safe.
    async (chosen: readonly File[]) => {
      for (const [index, file] of chosen.entries()) {
        setSent(index);
        await addPhoto(token, rental.reference, file, queryOf(subject, plate.trim()));
      }
      return chosen.length;
    },
    (added) => {
      if (input.current) input.current.value = "";
      setFiles([]);
      onDone([count("photos.added", added)]);
    },
  );
  const { faults, check } = useFaults(action.problem, CONTROLS, (code) =>
    lookUp(`photos.refused.${code}`),
  );
  const filesFault = () => {
    if (files.length === 0) return t("photos.fault.none");
    for (const file of files) {
      const fault = faultOf(file);
      if (fault) return t(`photos.fault.${fault}`, { name: file.name });
    }
    return undefined;
  };
  const nameOf = (each: Subject) => {
    const { kind, damage } = queryOf(each, "");
    const description = damages.find(({ number }) => number === damage)?.description ?? "";
    return t(`photos.of.${kind}`, { description });
  };
  return (
    <form
      class="stack"
      noValidate
      aria-busy={action.pending}
      onSubmit={(event) => {
        event.preventDefault();
        if (check(event.currentTarget, { "photo-files": filesFault() })) void action.run(files);
      }}
    >
      <h3>{t("photos.add")}</h3>
      <Field id="photo-subject" label={t("photos.subject")} fault={faults["photo-subject"]}>
        {(described) => (
          <select
            {...described}
            value={subject}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setSubject(subjects.find((each) => each === value) ?? "check_out");
            }}
          >
            {subjects.map((each) => (
              <option key={each} value={each}>
                {nameOf(each)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {wasExchanged(rental) && (
        <TextField
          id="photo-plate"
          label={t("photos.plate")}
          hint={t("photos.plate_hint")}
          optional={t("field.optional")}
          autoCapitalize="characters"
          value={plate}
          maxLength={8}
          fault={faults["photo-plate"]}
          onText={setPlate}
        />
      )}
      <Field
        id="photo-files"
        label={t("photos.files")}
        hint={t("photos.files_hint")}
        fault={faults["photo-files"]}
      >
        {(described) => (
          <input
            {...described}
            ref={input}
            type="file"
            multiple
            accept={PHOTO_TYPES.join(",")}
            onChange={(event) => setFiles([...(event.currentTarget.files ?? [])])}
          />
        )}
      </Field>
      {action.problem && <ProblemNotice problem={action.problem} />}
      <button type="submit" class="button button-quiet" disabled={action.pending}>
        {action.pending && <span class="spinner" aria-hidden="true" />}
        {action.pending
          ? t("photos.sending", { number: sent + 1, count: files.length })
          : t("photos.send")}
      </button>
    </form>
  );
}
