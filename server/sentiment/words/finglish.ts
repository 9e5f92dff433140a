/** Persian words in Latin letters, as far as sounds are one (`finglishKey`); otherwise as in `persian.ts`. */
export const finglishWords = `
3 ali | aali | aliye | aliy | faghol ade | fogholade | fagholade | fogholadas | foqolade | mahshar | mahshare | mareke | mareke bud | binazir | bi nazir | shahkar | bi naghs | harf nadare | harf nadasht | harf nadaran | harf nadarin | tarkundid | tarkoondin | gol kashtid | gol kashtin | khafan | khafane | asheghesham | asheghetunam | eshghe | eshghin | behtarin | behtarinid | bist bud | dametun garm | damet garm | dameshun garm | dametoon garm | damesh garm | dame shoma garm | khoda kheiretun bede | daraje yek | topol | toope | tupe | tup bud | harfe nadare | kheyli khafan | 20 az 20 | hatman bekharid | shak nakonid
2 khub | khoob | xub | xob | khoobe | khube | khubi | khoobi | khubin | khubid | razi | raziam | razi hastam | raziyam | razim | rezayat | khoshhal | khosh hal | mamnun | mamnoon | mamnoonam | motshaker | moteshakeram | moteshaker | sepas | tashakor | merc | mersi | merci | dastmarizad | afarin | barikala | mashala | mashallah | eyval | eival | iwal | ghashang | qashang | ghashange | ziba | khoshgel | khoshkel | jazab | shik | lezat | lezzat | keif kardam | keyf kardam | hal kardam | hal dad | chasbid | khoshmaze | khosh maze | khoshtam | khosh bu | khoshbu | khosh sakht | khosh dast | khosh barkhord | khoshghol | khosh ghol | khosh akhlagh | bakeyfiat | ba keyfiyat | ba keifiat | keyfiyat bala | marghub | moadab | ba adab | mehraban | mehrabun | sabur | karbalad | kar balad | herfei | herfeyi | ba hosele | monsef | motabar | ghabele etemad | sari | sarie | saritar | be moghe | bemoghe | sare vaght | sar vaght | rahat | rahate | asun | asan | ravun | narm | latif | ba sarfe | be sarfe | miarze | mi arze | arzeshesho dare | arzesh kharid | pishnahad mikonam | pishnehad mikonam | tosie mikonam | tosiye mikonam | tamiz | moratab | shakil | mohkam | mostahkam | badavam | karbordi | dust dashtam | dustesh daram | doostesh daram | doosesh daram | dusesh daram | pasandidam | khosham umad | khosham oomad | khosham amad | khoshemun umad | moshtarie daem | moshtari sabet | bazam mikharam | bazam kharid mikonam | dobare mikharam | bazam sefaresh | movafagh bashid | movafagh bashin | payande | dastetun dard nakone | dastetoon dard nakone | dastet dard nakone | daste shoma dard nakone | khaste nabashid | khaste nabashin | khoda ghovat | lotf kardid | lotf kardin | zahmat keshidid | zahmat keshidin | ghadrdan | ghafelgir | surprise shodam | zogh | delgarm | hal shod | moshkelam hal shod | halesh kardan | rah oftad | dorost shod | jobran kardan | jobran kardid | behtar az entezar* | behtar az chizi* | behtar az aks* | mesle aks | eyne aks | hamuni bud ke | hamooni ke | asl bud | original bud | salem | salem resid | salem be dastam | mofid | behtar shode | bahal | ba hal | bamaze | jaleb | tup | naz | jigar | khas | mashti | radif | mizun | pasokhgu | bidardesar | bi dardesar | bedune dardesar | arzun | arzoon | arzan | gheymate monaseb | gheymat monaseb | gheymatesh monaseb* | khosh gheymat | tahsin | aramesh | khiyalam rahat | khialam rahat | shad | karetun doroste | karet doroste | baram aziz* | kam nazashtid | kam nazashtan | ba marefat | moshtari madar* | chakeretam | nokaretam | fadat sham | ghorbunetun | love | nice | perfect | great | good | awesome | ok bud
1 monaseb | ghabele ghabul | bad nist | bad nabud | bad nabood | badak nist | behtar | behtare | dorost | daghigh | sabok | behbud | komakam kard* | komak kardan | rahnamayi khub | javab dad | javab dadan | dust daram | doost daram | khoshbakhtane | khoda ro shokr | khodaro shokr | shokr | akheysh | takhfife khub | hedye | tabrik | mobarak | ghavi | ba kelas | aman | motmaen | mahbub | aziz | lotf | okeye
2 nejat dad | nejatam dad | doatun mikonam | khoda hefz* | nush jan | nooshe jan | halal | labkhand | ba salighe | deghat | ensaf | moarefat | bi seda | kam masraf | aramesh bakhsh | khatere | be yad mundani | jaye dige nemiram | mokhlesim | chakerim | nokaretim | fadatun | ghorbune dastetun | ye donya | yek donya | movafagh | bartar | raf shod | bartaraf shod | ozrkhahi kardan | zud ferestad* | zud resid | zud javab dad* | sari resid | moft | arzande | tala | delsuz | delsuze | sabr o hosele | khialam* | khiyalam* | mesle ruze aval | yad begiran | gole gol | tamize | karetun tamize
-1 bahane | bahune | bi khabar | bi ettela | gardan nemigir* | ghabul nemikon* | emruz farda | hey migan | lenge be lenge | aberum | aberumun | aberurizi | kuftam shod | zahre mar | talkh | punde | khis | nam dar | khaki | zarbe khorde | dar raft | konde shod | joda shod | tarakid | atish gereft | bad karde | khamush mishe | kharesh | sorfe | deldard | sardard | riz riz | tike tike | fohsh | bad dahan | maskhare | maskharamun | su estefade | sooestefade | nojumi | bala keshid* | khordan pulam* | hagh mardom | pichund* | dodare | gheybetun | ghayeb | bolakam | bolok | ahange entezar | seen mikonan | bi mahali | asir | asiremun | azab | zajr | bad bakhti | degh kardam | gerye | gham | motasefam | sharm | khejalat | oft karde | payin umade | payine | bi mani | bi mantegh | zolm | sarsari | sambal | mast mali | kashki | hang mikone | mipare | porid | bahoone
-1 gerun | geroon | geran | geroone | gerune | gerontar | gerunfor* | dir | dirtar | dire | kond | konde | shologh | mamuli | mamooli | motevaset | zaif | zaeif | sakht | sakhte | pichide | gij | kam bud | kutah | tang | goshad | nazok | khaste | khastam | saf | montazeram | montazerim | montazer mundam | entezar | hanuz naresid* | hanooz naresid* | hanuz nayumad* | hanuz khabari nist | khabari nist | khabari nashod | moteasefane | motasefane | motaasefane | heyf | heif | kash | kashki | negaran | negaranam | estres | shak daram | mashkuk | kohne | ghadimi | seda mide | lak | khat o khash | khash | bimaze | bi maze | shur | sard bud | yakh karde | mundegi | bayat | napokhte | aziat | aziyat | dardesar | vaghtgir | tulani | noghsan | hang | hang mikone | lag | gir mikone | irad | eshkal | moshkel | moshkele | moshkeli | eyb | eib | naghs | bug | error | khata | eshteba | eshtebah | kutahi | bi deghat
-2 bad | badi | badtar | bade keyfiyatesh | bade vaghean | badghol | bad ghol | badgholi | bad akhlagh | bad barkhord | bad tam | bad maze | bad bu | badrang | zesht | daghun | daghoon | narazi | naraziam | nareziyati | narahat | narahatam | asabani | asabi | kalafe | kalafam | shaki | shakiam | delkhor | delgir | pashimun | pashimoon | pashiman | pashimunam | naomid | na omid | naomidkonande | takhir | ba takhir | moatal | moattal | moatali | alaf | alaaf | sargardun | dir resid | dir umad | dir kardid | dir javab* | dir miresune | kharab | kharabe | kharabi | kharab shod | shekast | shekaste | shekaste bud | tarak | leh | leh shode | pare | pare shod | sukht | sukhte | dagh mikone | dagh mishe | nashti | kapak | gandide | fased | torshide | tarikh gozashte | suski | susk | masmum | hasasiyat | gom shod | gom kardan | gomesh | naghes | nesfe | nime kare | mayub | moghayer | fargh dasht | fargh dare ba aks | rabti be aks | eshtebah ferestad* | eshteba ferestad* | avazi ferestad* | avazi umad | taghalobi | fake | feyk | gholabi | bonjol | jense chini | bi keyfiyat | bikeyfiat | bikeyfiyat | kam keyfiyat | keyfiyat payin | be dard nakhor | bedard nakhor | be dard nemikhore | bedard nemikhore | bi arzesh | bi fayede | bifayede | bi adab | biadab | bi ehteram* | biehteram* | bi tavajoh | bi masuliyat | bi tafavot | bi javab | bi pasokh | bi natije | bi ensaf* | bi nazm | talabkar | sarbala | tohin | por ru | poru | gheyre ghabele ghabul | gheire ghabele* | shekayat | shekayat daram | gele daram | etezaz | asab khord* | asabam khord* | asabam | asab nazashtid | ru asab | ro mokh | ru mokh | romokh | romokhe | pedaram dar umad | piram kard | servis shodam | dahanam servis | bichare | khesarat | zarar | zarar kardam | haroom shod | harum | heyfe pul | heife pul | heyf pulam | pul dur rikhtan | hadar | hadar raft | talaf | nemiarze | nemi arze | nemiarzid | arzesh nadare | arzeshesho nadare | nakharid | nakharin | nakhar | sefaresh nadid | sefaresh nadin | samtesh nar* | tarafesh nar* | gul nakhorid | gul khordam | gulam zadan | saram kolah* | kolah saram* | pishnahad nemikonam | pishnehad nemikonam | tosie nemikonam | tosiye nemikonam | dige nemikharam | dige kharid nemikonam | dige sefaresh nemidam | bare akharam | dafe akharam | akharin baram | avalin o akharin* | javab nemid* | javab nadad* | javab nemidan | javab nadid | javabgu nist* | pasokhgu nist* | pasokh nemid* | barnemidar* | kar nemikon* | kar nakard* | baz nemish* | baz nemikon* | vasl nemish* | bala nemiad | bala nemiyad | load nemish* | nasb nemish* | sharj nemish* | roshan nemish* | roshan nashod | peygiri nemik* | peygiri nakard* | residegi nemik* | residegi nakard* | tavajoh nemik* | ahamiyat nemid* | mahal nemid* | sare kar gozasht* | sarkar gozasht* | sare karim | sarekari | faghat vade | vade alaki | dorugh | doroogh | dorooghgoo | dorughgu | alaki | chert | cherte | lanati | lanat | nefrat | motenafer | motenaferam | bizar | bizaram | halam be ham* | halam beham* | chendesh | kasif | kasife | buye gand | bu mide | buye bad | surakh | kaj | lagh | zang zade | puside | rang mide | rang dad | ab raft | gerun forush* | geroonforoosh* | pule zur | zur dare | ghat | ghat mishe | ghate | kerash | crash | crash mikone | az kar oftad | pas kari | pulamo pas | pulam ro pas | pul ro pas | cheghad bad | che vazeshe | che vaziye | in che vaz* | in che tarz* | khejalat bekeshid | sharm avar | moteasefam baratun | jahannam | badbakht | zayeh | zaye | zaye shodam | khaz | bikhod | bi khod | harsam* | haresam | zede hal | zedehal | too zogham | tu zogham* | scam | worst | slow | broken | terrible | awful | rubbish | trash | garbage
-3 eftezah | eftezahe | eftezaah | fajee | faje'e | fajeye | fajeast | mozakhraf | mozakhrafe | ashghal | ashghale | ashqal | gand | gand zadid | gand zadin | gand zadan | gandkari | kolah bardar* | kolahbardar* | dozd | dozdi | dozdan | dozdid | shayad dozd | motaghaleb | taghalob | farib | vahshatnak | vahshatnake | asafnak | asafbar | badtarin | daghun tarin | bi sharaf | bisharaf | bi vojdan | bi shour | bishour | ahmagh | nafahm | namard | namardi | khak to sar* | goh | chera nd | charand | sefr az | yek setare | ye setare ham ziade
`;
export const finglishDegrees = `
1.4 kheili | kheyli | kheyliii | xeyli | besiar | besyar | vaghean | vagean | vaqean | haghighatan | beshedat | be shedat | kamelan | jedan | hesabi | badjur | enghad | inghad | anghad | unghad | cheghad | che | ziadi | ziyadi | aslan | hamishe | dige | vahshatnak
0.6 kami | yekam | ye kam | ye khorde | ye zare | taghriban | nesbatan | ta hadi | ta hodudi | gahi | bazi vaghta
`;
export const finglishIrony = `
masalan | vaghean ke | bah bah | bahbah | che ajab | nobaresho | zahmat nakeshid | labod | engar na engar | shahkar kardid | honar kardid | honar kardin | jayeze | oscar | record | dastetun tala | sorate nur | lakposht | halazun | kabutar | museum | muze | decor | dekori | khab tashrif | khaban | mersi vaghean | mamnun vaghean | sale dige | gharn | ghiamat
`;
export const finglishFacts = `
ruze | rooze | haftas | hafte ast | mahe | saate | do hafte | se hafte | ye mah | yek mah | bar zang | poshte khat | hanuz montazer* | hanuz | hanooz | ghat shod | khali | jabe khali | nesfesh | se bar | chand bar | panj bar | dah bar | bade do | bade se
`;
export const finglishPlain = `
salam | lotfan | mishe | mishe begid | aya | chetor | chetori | chejuri | key | koja | chand | chande | gheymatesh chande | mojude | darid | darin | mikham | mikhastam | mikhaam | befarmaid | beferestid | ersal konid | elam konid | rahnamayi konid | begid | begin | bedid | shomare | adres | faktor | kod | code | peygiri | saat | farda | emruz | diruz | shanbe | yekshanbe | doshanbe | jome | sherkat | gozaresh | shobe | sefarish | sefaresh | sabt | taghir | size | rang | model | garanti | nasb | etelaat | toman | rial
`;
export const finglishDenials: ReadonlySet<string> = new Set(
  'nist nistam nisti nistan nistand nistid nistin nistim nis nabud nabood nabudam nabudan nabudid nabode nabude nashod nashode nashodam nashodan nakard nakarde nakardam nakardan nakardid nakardin nakon nakone nakonid nakonin nadaram nadare nadari nadaran nadarim nadarid nadarin nadasht nadashte nadashtam nadashtan nadad nadadan nadadid nadadin nadade nadid nadidam nadin naresid nareside naresidan nayumad nayumade nayoomad nayomad nagereft nagereftam nagoft nagoftan nakhord nakhast natunestam natoonestam nazasht nazashtan naferestad naferestadan naferestadid nakharid nakhar napasandidam nabashe nabashid nabayad nemikhad nashe na'.split(
    ' ',
  ),
);
export const finglishBefore: ReadonlySet<string> = new Set([
  'bedune',
  'bedoone',
  'bedun',
  'na',
  'hich',
  'hichi',
  'bi',
  'hargez',
  'hichvaght',
]);
export const finglishBut: ReadonlySet<string> = new Set([
  'vali',
  'vaali',
  'ama',
  'amma',
  'montaha',
  'faghat',
  'albate',
  'harchand',
  'garche',
  'but',
]);
export const finglishAnd: ReadonlySet<string> = new Set([
  'va',
  'o',
  'ke',
  'chon',
  'ta',
  'bad az',
  'bade',
  'pas',
  'age',
  'agar',
  'chera',
  'ham',
  'badesh',
  'vaghti',
]);

/** Words that tell Persian in Latin letters from English, neither of them a word of the other. */
export const finglishTells: ReadonlySet<string> = new Set(
  `salam kheili kheyli khob khub khoob khoobe khube mersi merc mamnun mamnoon lotfan mishe nemishe mikham mikhaam mikhastam mikhastam shoma shomaa mano ino uno unam inam hast hastam hastin hastid nist nistam nabud nabood bud bood budam budan bude boode shod shode shodam kardam kard karde kardan kardid kardin kon konid konin daram dare darid darin daran darim nadare nadaram chera chetor chetori chejuri chand chande cheghad che chi koja ke az ba vali ama baraye baram barae baratun vase vasam ta age agar hanuz hanooz dige digeh bazam faghat hamash hame hamin hamun inja unja emruz emrooz diruz farda alan hala baz khodam khodetun khodeshun man mn ma ro ru rooye ye yek yeki chizi hich hichi hichkas kasi sefaresh ersal resid naresid reside gheymat gheymate gheymatesh keyfiyat keyfiat keifiat keyfiyatesh jens jense bastebandi poshtibani poshtibanetun forushgah foroshgah mahsul kala gushi goshi kharid kharidam bekharid mikonam mikone mikonan nemikone nemikonam nemidan midan mide mishe mishod nemishod mire miad umad oomad amad nayumad javab zang zadam pul pool pulam toman vaghean aslan hatman movafagh bashid bashin dastetun dastet dametun damet garm dard nakone lotf konid begid begin befarmaid bedid chon pas va hamishe hafte mah ruz rooz saat bar dafe moshkel moshkelam kharab eftezah ali aali bad behtar behtarin azizam dadash khahar agha khanum baba vay vaay akhe akheh ey bayad shayad mesle mesl besyar kamelan rast raste dorost khubi khubid chetorid salamat ghorbun chakeram yare kaku hamkar mishavad shabih`
    .split(/\s+/)
    .filter(
      (word) =>
        ![
          'bad',
          'bar',
          'man',
          'ma',
          'mire',
          'mah',
          'ali',
          'hast',
          'pas',
          'va',
          'ta',
          'ro',
          'ye',
          'dare',
          'pool',
          'baz',
          'chi',
          'age',
          'mide',
          'baba',
        ].includes(word),
    ),
);
