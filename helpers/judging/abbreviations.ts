/**
 * Abbreviations that keep their period and could be taken for words: those without a vowel, with inner periods or of one
 * letter need no list, nor do those of five letters or fewer where a name follows and periods stand apart elsewhere.
 */
const WORDS = `
  mr mrs ms dr prof rev hon st sr jr esq phd gen col maj capt cmdr lt sgt cpl adm gov sen rep pres amb supt insp messrs
  inc corp co ltd llc bros assn assoc dept div est univ inst acad bldg apt ste ave blvd rd hwy mt ft pt sq
  vs etc al cf viz approx ca fig figs eq eqs sec secs ch chap vol vols no nos nr pp pg ed eds rev repr trans ref app par art ill
  min max avg hr hrs yr yrs mo wk oz lb lbs gal tel ext fax misc incl excl esp orig temp alt abbr adj adv
  jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
  ala ariz ark cal calif colo conn del fla ill ind kan mass mich minn mont neb nev okla ore penn tenn tex wis wyo
  abb abs abt allg anm aufl ausg bd bes bzgl bzw ders dgl ebd ehem einschl entspr erg etw evtl exkl ff fr frl gem ges ggf
  hg hrsg ing inkl insb jh jmd kath kap lfd lt mag mio mrd nachm nam nördl od österr phil pl prot rel resp sa samt sog
  sonst spez std stud südl tägl tel überw urspr usf usw verf vgl vorm wiss zit zus zzgl
  av bd boul chap dép éd env etc ex fig hab janv févr avr juil sept oct nov déc mme mlle mgr art arr cie ets max
  admón art avda cap cía col dña dra ee ej excmo fdo gral hnos izq izda lic máx mín núm pág págs párr pdte prof sra sras srta tel ud uds vda
  art arch avv cap cav dott dr ecc egr geom ing mons pag pagg prof rag sig sigg spett tel
  aprox cap dir dto dta eng esq exmo exma fls ilmo ilma obs pág prof profa sr sra srs
  bijv blz burg bv ca dhr dir drs enz excl fam hfst ing incl jl ll max mevr mevr min mw nl nr oa ong plm prof st tel vb zgn zn
  bl ca dir dvs ekv enl etc ev ex exkl fig forts fr gm inkl jfr kap kl kr max min mkt obs osv resp st tel tex tom ung v
  art dr hab im inż itd itp lek lic mgr np nr ok ob os pkt płk por prof red rys str św tab tel tys tzn tzw ul ur wg woj zob
  apod atd čís dr doc hl ing jud mgr mudr např obr odd paeddr phdr písm pol příp prof resp rndr str sv tab tel tis tj tzv ul zejm
  br dipl dr ing itd npr odn prof str sv tj tzv ul
  am ált bp dr egy ill kb max min old özv pl prof stb szerk tel ú ún utca
  alb bl dr ing jud mun nr op pag prof str
  av bkz cad dr mah ör örn prof sok sn tel vb vs yy
  акад англ арх бул вт гг гл гор гос гр дол доц ед жен зам зав им ин инж исп итал кан канд каб кн коп куб лат лит мин млн млрд муж наб
  напр нач нем обл обр ок оз пер пл пол пос пр прим проф пт руб рус сб св сек см ср стр тел тов тыс ул фр чел чт шт экз
  αι άρ βλ δηλ δρ εκ ελ κα κεφ κλπ κτλ κυρ λεωφ λχ οδ παρ πχ σελ σημ τηλ τμ χλμ
  bhd dra drs hlm jl kec no prof tbk tn
  tp ths gs pgs ts ths
  biochem bibliogr commun consol contrib dissert encycl episc geneal illustr inorg internat intl jurispr legisl manuf mathem
  microbiol morphol natl ophthal paleontol pathol pharmacol philol philos photogr physiol presby psychol registr relig sched sociol
  statist suppl technol theol topogr transcr transl typogr
  ärztl amtl beispielsw einschließl elektr evang gebräuchl geschäftl gesellsch gesetzl gewöhnl griech jährl kathol königl
  landwirtsch mittelalterl monatl mündl nachträgl öffentl östl persönl rechtl sämtl schriftl spezif städt ursprüngl vergl
  westl wirtschaftl wissensch wöchentl
`;

/** Names that end with an exclamation mark. */
const EXCLAIMED_NAMES: ReadonlySet<string> = new Set([
  'yahoo',
  'jeopardy',
  'yum',
  'joomla',
  'kahoot',
  'wham',
  'oklahoma',
]);

const ABBREVIATIONS: ReadonlySet<string> = new Set(WORDS.split(/\s+/u));

/** `core`: the token without its period. */
export function isListedAbbreviation(core: string): boolean {
  return ABBREVIATIONS.has(core.normalize('NFC').toLowerCase());
}

/** `name`: the token without its exclamation mark. */
export function isExclaimedName(name: string): boolean {
  return EXCLAIMED_NAMES.has(name.toLowerCase());
}
