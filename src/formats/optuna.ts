// A search as a study of Optuna: the journal file of its JournalFileBackend, one operation per line, which Optuna and its
// dashboard read. Trials that are no candidates, or that racing stopped, are written as pruned: Optuna's best trial is never one of those.

export interface Trial {
  /** By name, in one order for all trials. */
  readonly params: ReadonlyMap<string, number>;
  readonly value: number;
  /** Whether it may be the best. */
  readonly complete: boolean;
  /** Pictures behind the value: of a trial that is not complete, the step at which it was pruned. */
  readonly step: number;
  /** JSON. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Study {
  readonly name: string;
  /** Of every parameter: integers from 0. */
  readonly high: number;
  /** JSON. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** In the order of their evaluation. Values are maximised. */
  readonly trials: readonly Trial[];
}

// Numbers of optuna.storages.journal.JournalOperation, optuna.study.StudyDirection and optuna.trial.TrialState.
const CREATE_STUDY = 0;
const SET_STUDY_USER_ATTR = 2;
const CREATE_TRIAL = 4;
const MAXIMIZE = 2;
const COMPLETE = 1;
const PRUNED = 2;

const WORKER = "diff-es-studio";

export function toOptunaJournal({ name, high, attributes, trials }: Study): string {
  const distribution = JSON.stringify({ name: "IntDistribution", attributes: { log: false, step: 1, low: 0, high } });
  const studyAttributes = Object.entries(attributes).map(([key, value]) => ({
    op_code: SET_STUDY_USER_ATTR,
    study_id: 0,
    user_attr: { [key]: value },
  }));
  const created = trials.map(({ params, value, complete, step, attributes }, number) => ({
    op_code: CREATE_TRIAL,
    study_id: 0,
    datetime_start: timeOf(number),
    datetime_complete: timeOf(number),
    state: complete ? COMPLETE : PRUNED,
    value: complete ? value : null,
    values: null,
    distributions: Object.fromEntries([...params.keys()].map((param) => [param, distribution])),
    params: Object.fromEntries(params),
    user_attrs: attributes,
    system_attrs: {},
    intermediate_values: complete ? {} : { [step]: value },
  }));
  const operations = [
    { op_code: CREATE_STUDY, study_name: name, directions: [MAXIMIZE] },
    ...studyAttributes,
    ...created,
  ];
  return operations
    .map(({ op_code, ...rest }) => `${JSON.stringify({ op_code, worker_id: WORKER, ...rest })}\n`)
    .join("");
}

/** A run does not record when it evaluated, but Optuna asks: its trials lie a second apart, from 1970 on. */
function timeOf(number: number): string {
  return `${new Date(1000 * number).toISOString().slice(0, -1)}000+00:00`;
}
